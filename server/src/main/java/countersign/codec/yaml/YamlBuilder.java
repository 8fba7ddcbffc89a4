package countersign.codec.yaml;

import countersign.codec.Finding;
import countersign.codec.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds values from the parser's events, without recursion, and notes every rule that the document breaks. Places cost
 * half of the time, so they are left out at first; the same text always gives the same findings.
 */
final class YamlBuilder {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NODES = 200_000;
    private static final int MAX_FINDINGS = 100;
    private static final LoadSettings WITH_PLACES = settings(true);
    private static final LoadSettings WITHOUT_PLACES = settings(false);

    private static final Place NOWHERE = Place.file("");

    private final String path;
    private final boolean placed;
    private final List<Finding> findings = new ArrayList<>();
    private final Deque<YamlFrame> frames = new ArrayDeque<>();
    private Map<String, @Nullable Object> root = Map.of();
    private ParsedYaml.Node places = new ParsedYaml.Node(NOWHERE, null);
    private int documents;
    private int nodes;
    private boolean stopped;

    private YamlBuilder(String path, boolean placed) {
        this.path = path;
        this.placed = placed;
    }

    static YamlBuilder withPlaces(String path, String text) {
        return new YamlBuilder(path, true).read(text);
    }

    static YamlBuilder withoutPlaces(String path, String text) {
        return new YamlBuilder(path, false).read(text);
    }

    List<Finding> findings() {
        return findings;
    }

    Map<String, @Nullable Object> root() {
        return root;
    }

    ParsedYaml.Node places() {
        return places;
    }

    private static LoadSettings settings(boolean marks) {
        return LoadSettings.builder()
                .setUseMarks(marks)
                .setBufferSize(8192)
                .setCodePointLimit(Yaml.MAX_BYTES)
                .build();
    }

    private YamlBuilder read(String text) {
        Optional<Mark> reached = Optional.empty();
        try {
            Iterator<Event> events = new Parse(placed ? WITH_PLACES : WITHOUT_PLACES)
                    .parseString(text)
                    .iterator();
            while (!stopped && events.hasNext()) {
                Event event = events.next();
                reached = event.getEndMark();
                read(event);
            }
        } catch (MarkedYamlEngineException malformed) {
            Optional<Mark> mark = malformed.getProblemMark().or(malformed::getContextMark);
            stop("malformed-yaml", "this is not YAML: " + problem(malformed), place(mark));
        } catch (YamlEngineException malformed) {
            stop("malformed-yaml", "this is not YAML: " + malformed.getMessage(), Place.file(path));
        } catch (NumberFormatException cutShort) {
            // the library's answer to an escape by code point at the very end of a text
            stop("malformed-yaml", "this is not YAML: an escape behind this place lacks its digits", place(reached));
        }
        if (!stopped && documents == 0) {
            stop("root-not-a-mapping", "the document is empty, needed is a mapping", new Place(path, 1, 1, ""));
        }
        return this;
    }

    private static String problem(MarkedYamlEngineException malformed) {
        String context = malformed.getContext();
        return (context == null ? "" : context + ", ") + malformed.getProblem();
    }

    private void read(Event event) {
        switch (event.getEventId()) {
            case DocumentStart -> startDocument((DocumentStartEvent) event);
            case Scalar -> scalar((ScalarEvent) event);
            case MappingStart, SequenceStart -> startCollection((CollectionStartEvent) event);
            case MappingEnd, SequenceEnd -> endCollection();
            case Alias -> alias((NodeEvent) event);
            case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        }
    }

    private void startDocument(DocumentStartEvent event) {
        documents++;
        if (documents > 1) {
            stop("second-document", "a second document starts here; a file holds exactly one", place(event));
        }
        if (event.getSpecVersion().isPresent() || !event.getTags().isEmpty()) {
            report("directive", "directives such as %YAML and %TAG are not allowed", place(event), "remove the line");
        }
    }

    private void scalar(ScalarEvent event) {
        checkNode(event, event.getTag());
        YamlFrame frame = frames.peek();
        if (frame == null) {
            stop("root-not-a-mapping", "the document is a single value, needed is a mapping", place(event));
        } else if (frame.expectsKey()) {
            key(frame, event);
        } else {
            add(frame, value(event), place(event));
        }
    }

    private void key(YamlFrame frame, ScalarEvent event) {
        String key = event.getValue();
        Place place = place(event);
        boolean known = frame.has(key);
        frame.key(key, place);
        if (key.isEmpty() && event.isPlain()) {
            report("empty-key", "this member has no key", place, "give it a name");
        } else if (event.isPlain() && key.equals("<<")) {
            report("merge-key", "merge keys (<<) are not allowed", place, "write the members out");
        } else if (known) {
            String first = " is already defined at line " + frame.lineOfKey(key);
            report("duplicate-key", "the key " + YamlScalars.shown(key) + first, place, "keep one of the two");
        }
        checkEscapes(event);
    }

    private @Nullable Object value(ScalarEvent event) {
        String text = event.getValue();
        if (!event.isPlain()) {
            checkEscapes(event);
            return text;
        }
        Finding problem = YamlScalars.problem(text);
        if (problem != null) {
            report(problem.rule(), problem.message(), place(event), problem.wayOut());
            return text;
        }
        String doubt = YamlScalars.doubt(text);
        if (doubt != null) {
            warn(doubt, place(event));
        }
        return YamlScalars.value(text);
    }

    private void checkEscapes(ScalarEvent event) {
        if (!event.isDQuoted()) {
            return;
        }
        event.getValue()
                .codePoints()
                .filter(YamlText::isForbidden)
                .findFirst()
                .ifPresent(c -> report(
                        "forbidden-escape",
                        "the escaped character " + YamlText.name(c) + " is not allowed in a document",
                        place(event),
                        "keep such content as a payload file"));
    }

    private void startCollection(CollectionStartEvent event) {
        checkNode(event, event.getTag());
        boolean mapping = event.getEventId() == Event.ID.MappingStart;
        YamlFrame parent = frames.peek();
        if (parent == null && !mapping) {
            stop("root-not-a-mapping", "the document is a list, needed is a mapping", place(event));
        } else if (parent != null && parent.expectsKey()) {
            stop("non-scalar-key", "a key must be plain text, not a list or a mapping", place(event));
        } else if (frames.size() == MAX_DEPTH) {
            stop("too-deep", "values are nested deeper than " + MAX_DEPTH + " levels", place(event));
        } else {
            Place place = place(event);
            frames.push(new YamlFrame(mapping, node(place, parent)));
        }
    }

    private void endCollection() {
        YamlFrame frame = frames.pop();
        YamlFrame parent = frames.peek();
        if (parent == null) {
            root = frame.members();
            places = frame.node().orElse(places);
        } else {
            parent.add(frame.collection(), frame.node().orElse(null));
        }
    }

    private void add(YamlFrame frame, @Nullable Object value, Place place) {
        frame.add(value, node(place, frame));
    }

    private ParsedYaml.@Nullable Node node(Place place, @Nullable YamlFrame parent) {
        return placed ? new ParsedYaml.Node(place, parent == null ? null : parent.keyPlace()) : null;
    }

    private void alias(NodeEvent event) {
        report("alias", "aliases (*name) are not allowed", place(event), "write the value out");
        YamlFrame frame = frames.peek();
        if (frame == null) {
            stop("root-not-a-mapping", "the document is an alias, needed is a mapping", place(event));
        } else if (frame.expectsKey()) {
            stop("non-scalar-key", "a key must be plain text, not an alias", place(event));
        } else {
            add(frame, null, place(event));
        }
    }

    private void checkNode(NodeEvent event, Optional<String> tag) {
        nodes++;
        if (nodes > MAX_NODES) {
            stop("too-many-nodes", "the document has more than " + MAX_NODES + " values and keys", place(event));
        }
        if (event.getAnchor().isPresent()) {
            report("anchor", "anchors (&name) are not allowed", place(event), "write the value where it is needed");
        }
        if (tag.isPresent()) {
            report(
                    "tag",
                    "tags such as " + YamlScalars.shown(tag.get()) + " are not allowed",
                    place(event),
                    "remove it");
        }
    }

    private void report(String rule, String message, Place place, @Nullable String wayOut) {
        findings.add(new Finding(rule, Finding.Severity.ERROR, message, pointed(place), wayOut));
        stopped |= findings.size() >= MAX_FINDINGS;
    }

    private void warn(String message, Place place) {
        if (findings.size() < MAX_FINDINGS / 2) {
            findings.add(
                    Finding.warning("ambiguous-scalar", message, pointed(place)).withWayOut("quote it"));
        }
    }

    private void stop(String rule, String message, Place place) {
        if (!stopped) {
            findings.add(Finding.error(rule, message, pointed(place)));
        }
        stopped = true;
    }

    private Place place(Event event) {
        return placed ? place(event.getStartMark()) : NOWHERE;
    }

    private Place place(Optional<Mark> mark) {
        return mark.map(at -> new Place(path, at.getLine() + 1, at.getColumn() + 1, null))
                .orElse(NOWHERE);
    }

    private Place pointed(Place place) {
        String pointer = "";
        Iterator<YamlFrame> outermostFirst = frames.descendingIterator();
        while (outermostFirst.hasNext()) {
            pointer = outermostFirst.next().pointer(pointer);
        }
        return new Place(path, place.line(), place.column(), pointer);
    }
}
