package countersign.change.wish;

/**
 * Which merges somebody wants recovery keys to name bad.
 *
 * @param name name of the recovery to be opened
 * @param title its title
 * @param reason why they are bad
 * @param from number of the first bad merge
 * @param to number of the last one, included
 */
public record BadMergesWish(String name, String title, String reason, long from, long to) {}
