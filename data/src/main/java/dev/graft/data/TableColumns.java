package dev.graft.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the columns of a table hold, by their names. */
sealed interface TableColumns {
  /** Columns that name a file. */
  List<String> PATHS = List.of("file_name", "path", "file", "filename", "image", "audio");

  /** Columns that name a part. */
  List<String> PARTS = List.of("split", "part", "subset");

  /** Columns of texts, the likelier ones first. */
  List<String> TEXTS =
      List.of(
          "text",
          "sentence",
          "content",
          "body",
          "message",
          "utterance",
          "query",
          "review",
          "comment",
          "tweet",
          "post",
          "document",
          "article",
          "description",
          "question",
          "title",
          "headline",
          "subject");

  /** Columns of classes, the likelier ones first. */
  List<String> LABELS =
      List.of(
          "label",
          "class",
          "category",
          "intent",
          "target",
          "sentiment",
          "emotion",
          "topic",
          "label_text",
          "labels",
          "tag");

  /** Columns that hold neither, where one must be the text because nothing else is left. */
  Set<String> OTHERS =
      Set.of("", "id", "idx", "index", "row", "no", "number", "guid", "uid", "unnamed: 0");

  /** A table of files. */
  record Files() implements TableColumns {}

  /**
   * A table of texts, with the places of its columns.
   *
   * @param text where the text is, from 0
   * @param label where the class is
   * @param part where the part is; empty without such a column
   */
  record Texts(int text, int label, Optional<Integer> part) implements TableColumns {}

  /**
   * Finds the columns of a table.
   *
   * @param header their names, in lower case without surrounding blanks
   * @throws DataException where text and label cannot be told, listing the columns
   */
  static TableColumns find(List<String> header, DatasetOptions options, String table) {
    options.textColumn().ifPresent(column -> require(header, column, "text", table));
    boolean paths = PATHS.stream().anyMatch(header::contains);
    if (options.textColumn().isEmpty() && paths) {
      return new Files();
    }
    options.labelColumn().ifPresent(column -> require(header, column, "label", table));
    Optional<String> part = first(PARTS, header);
    Optional<String> label = options.labelColumn().or(() -> first(LABELS, header));
    Optional<String> text =
        options
            .textColumn()
            .or(() -> first(TEXTS, header).filter(name -> !label.equals(Optional.of(name))));
    if (text.isEmpty() && label.isPresent()) {
      text = onlyOther(header, label.get(), part);
    } else if (label.isEmpty() && text.isPresent()) {
      Optional<String> rest = onlyOther(header, text.get(), part);
      return texts(header, text, rest, part, table);
    }
    return texts(header, text, label, part, table);
  }

  /**
   * The place of the texts in a table that need not have classes: the column that is called so, or
   * the only one that is left.
   *
   * @throws DataException where it cannot be told, listing the columns
   */
  static int textsOf(List<String> header, String table) {
    Optional<String> named = first(TEXTS, header);
    if (named.isEmpty()) {
      List<String> rest = new ArrayList<>(header);
      rest.removeIf(name -> LABELS.contains(name) || PARTS.contains(name) || OTHERS.contains(name));
      named = rest.size() == 1 ? Optional.of(rest.get(0)) : Optional.empty();
    }
    return header.indexOf(
        named.orElseThrow(
            () ->
                new DataException(
                    "Cannot use the table "
                        + table
                        + ": expected a header with a column of texts (text, sentence, content, ...)."
                        + " Its columns: "
                        + String.join(", ", header)
                        + ". Rename the column.")));
  }

  private static Texts texts(
      List<String> header,
      Optional<String> text,
      Optional<String> label,
      Optional<String> part,
      String table) {
    if (text.isEmpty() || label.isEmpty() || text.equals(label)) {
      throw unknown(header, text, label, table);
    }
    return new Texts(
        header.indexOf(text.get()), header.indexOf(label.get()), part.map(header::indexOf));
  }

  private static Optional<String> first(List<String> names, List<String> header) {
    return names.stream().filter(header::contains).findFirst();
  }

  /** The one column that is left, if it is one. */
  private static Optional<String> onlyOther(
      List<String> header, String known, Optional<String> part) {
    List<String> rest = new ArrayList<>(header);
    rest.removeIf(
        name -> name.equals(known) || part.equals(Optional.of(name)) || OTHERS.contains(name));
    return rest.size() == 1 ? Optional.of(rest.get(0)) : Optional.empty();
  }

  private static void require(List<String> header, String column, String what, String table) {
    if (!header.contains(column)) {
      throw new DataException(
          "Cannot use the table "
              + table
              + ": it has no "
              + what
              + " column "
              + column
              + ". Its columns: "
              + listed(header)
              + ".");
    }
  }

  private static DataException unknown(
      List<String> header, Optional<String> text, Optional<String> label, String table) {
    String found =
        text.map(
                name ->
                    "the text is in " + name + ", but where the label is cannot be told by a name")
            .or(
                () ->
                    label.map(
                        name ->
                            "the label is in "
                                + name
                                + ", but where the text is cannot be told by a name"))
            .orElse("neither can be told by its name");
    return new DataException(
        "Cannot use the table "
            + table
            + ": expected a header with a column of labels (label, class, category, intent, ...) and one of texts (text,"
            + " sentence, content, ...) or of files (path, file_name); "
            + found
            + ". Its columns: "
            + listed(header)
            + ". Name the columns, or add a header line.");
  }

  private static String listed(List<String> header) {
    String first = String.join(", ", header.subList(0, Math.min(20, header.size())));
    String shown = first.length() > 400 ? first.substring(0, 400) + "..." : first;
    return header.size() > 20 ? shown + " and " + (header.size() - 20) + " more" : shown;
  }
}
