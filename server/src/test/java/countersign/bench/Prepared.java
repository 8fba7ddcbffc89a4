package countersign.bench;

/** Something that is ready to be measured, as often as it is asked for. */
interface Prepared extends AutoCloseable {
    Timings measure() throws Exception;

    @Override
    void close();
}
