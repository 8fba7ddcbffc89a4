package countersign.signing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real {@code ssh-keygen}, working in a folder of its own. */
public final class SshKeygen {
    private final Path folder;

    public SshKeygen(Path folder) {
        this.folder = folder;
    }

    /** What a command said, and its exit code. */
    public record Result(int code, String output) {}

    /** Makes a key without a passphrase; its public part lies beside it with the suffix {@code .pub}. */
    Path generate(String name, String... typeAndBits) {
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-C", name, "-f", name, "-t"));
        command.addAll(List.of(typeAndBits));
        requireGood(run("", command));
        return folder.resolve(name);
    }

    SshPublicKey publicKey(Path key) {
        return SshPublicKey.parse(read(Path.of(key + ".pub")));
    }

    String sign(Path key, String namespace, byte[] message, String... options) {
        Path file = write("message", message);
        remove(Path.of(file + ".sig"));
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-Y", "sign", "-n", namespace));
        for (String option : options) {
            command.addAll(List.of("-O", option));
        }
        command.addAll(List.of("-f", key.toString(), file.toString()));
        requireGood(run("", command));
        return read(Path.of(file + ".sig"));
    }

    /** Judges a signature with a file of allowed signers. */
    public Result verify(
            String allowedSigners,
            String principal,
            String namespace,
            byte[] message,
            String armored,
            String... options) {
        Path allowed = write("allowed_signers", allowedSigners.getBytes(StandardCharsets.UTF_8));
        Path signature = write("signature", armored.getBytes(StandardCharsets.UTF_8));
        List<String> command = new ArrayList<>(List.of(
                "ssh-keygen",
                "-Y",
                "verify",
                "-f",
                allowed.toString(),
                "-I",
                principal,
                "-n",
                namespace,
                "-s",
                signature.toString()));
        for (String option : options) {
            command.addAll(List.of("-O", option));
        }
        return run(new String(message, StandardCharsets.ISO_8859_1), command);
    }

    /** Judges a signature by this very key. */
    public Result verify(SshPublicKey key, String namespace, byte[] message, String armored) {
        return verify("ann@example.com " + key.line() + "\n", "ann@example.com", namespace, message, armored);
    }

    public Result run(String input, String... command) {
        return run(input, List.of(command));
    }

    public Path write(String name, byte[] bytes) {
        try {
            Path file = Files.write(folder.resolve(name), bytes);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Result run(String input, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.ISO_8859_1));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("still running: " + command);
            }
            return new Result(process.exitValue(), output);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void requireGood(Result result) {
        if (result.code() != 0) {
            throw new IllegalStateException(result.output());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
