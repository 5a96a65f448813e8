package dev.graft.cli;

import picocli.CommandLine.Option;

/** The option about the column of a table that holds the class. */
class LabelColumn {
  static final String USUAL = "label";

  @Option(
      names = "--label-column",
      order = 22,
      paramLabel = "NAME",
      description = "Column of the class in tables (default: ${DEFAULT-VALUE}).")
  private String labelColumn = USUAL;

  String labelColumn() {
    return labelColumn;
  }
}
