package countersign.web.events;

import countersign.change.event.Event;
import countersign.change.event.EventType;
import countersign.web.http.Exchange;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which events somebody wants.
 *
 * @param change only those of the change with this name; empty for all
 * @param types only these; empty for all
 */
record Selection(Optional<String> change, Set<EventType> types) {
    Selection {
        types = Set.copyOf(types);
    }

    /** As the query parameters {@code change} and {@code type} say, the latter with commas between. */
    static Selection of(Exchange exchange) {
        Set<EventType> types = exchange.query("type").stream()
                .flatMap(list -> Arrays.stream(list.split(",", -1)))
                .map(String::strip)
                .map(EventType::get)
                .collect(Collectors.toUnmodifiableSet());
        return new Selection(exchange.query("change"), types);
    }

    boolean matches(Event event) {
        return (types.isEmpty() || types.contains(event.type()))
                && change.map(name -> name.equals(event.change())).orElse(true);
    }
}
