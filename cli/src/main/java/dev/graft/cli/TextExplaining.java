package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.data.UnlabelledFile;
import dev.graft.data.UnlabelledFiles;
import dev.graft.data.text.PlainText;
import dev.graft.transfer.evidence.EvidenceFile;
import dev.graft.transfer.evidence.WordEffect;
import dev.graft.transfer.explanation.TextExplainer;
import dev.graft.transfer.explanation.TextExplanation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code explain} does with a model of texts. */
final class TextExplaining {
  private static final int LEFT_OUT_SHOWN = 20;
  private static final Path STANDARD_INPUT = Path.of("-");

  private final Console console;
  private final Path model;
  private final Optional<String> label;
  private final @Nullable Path out;
  private final boolean overwrite;
  private final boolean json;

  /** A text to explain, which is read when its turn comes. */
  private record Input(String id, Supplier<byte[]> content) {}

  TextExplaining(
      Console console,
      Path model,
      Optional<String> label,
      @Nullable Path out,
      boolean overwrite,
      boolean json) {
    this.console = console;
    this.model = model;
    this.label = label;
    this.out = out;
    this.overwrite = overwrite;
    this.json = json;
  }

  void explain(List<Path> files) {
    List<LeftOut> leftOut = new ArrayList<>();
    List<Input> inputs = inputs(files, leftOut);
    ExplanationPlaces places =
        ExplanationPlaces.place(out, ".html", inputs.stream().map(Input::id).toList(), overwrite);
    int explained = 0;
    try (TextExplainer explainer = TextExplainer.load(model)) {
      for (int i = 0; i < inputs.size(); i++) {
        Input input = inputs.get(i);
        try {
          String text = PlainText.decode(input.content.get(), input.id);
          TextExplanation explanation = explainer.explain(text, input.id, label);
          EvidenceFile.write(places.of(i), explanation.page().getBytes(StandardCharsets.UTF_8));
          show(input.id, explanation, places.of(i));
          explained++;
        } catch (DataException unusable) {
          leftOut.add(new LeftOut(input.id, String.valueOf(unusable.getMessage())));
        }
      }
    }
    if (json) {
      leftOut.forEach(item -> console.results().line(ExplanationJson.leftOut(item)));
    }
    LeftOutReport.of(leftOut, LEFT_OUT_SHOWN).lines().forEach(console.error()::println);
    if (explained == 0) {
      throw new DataException(
          "Explaining found no text that it could read in "
              + files.stream().map(Path::toString).collect(Collectors.joining(", "))
              + ". Give text files, folders or zip archives that hold some, or - and a text a line"
              + " on standard input.");
    }
  }

  private List<Input> inputs(List<Path> files, List<LeftOut> leftOut) {
    List<Input> inputs = new ArrayList<>();
    for (Path file : files) {
      if (file.equals(STANDARD_INPUT)) {
        TextLines.of(console.in()).forEach((id, text) -> inputs.add(new Input(id, () -> text)));
        continue;
      }
      UnlabelledFiles listed = UnlabelledFiles.list(DatasetKind.TEXT, file);
      leftOut.addAll(listed.leftOut());
      for (UnlabelledFile found : listed.files()) {
        inputs.add(new Input(found.id(), found.source()::read));
      }
    }
    return inputs;
  }

  private void show(String id, TextExplanation explanation, Path page) {
    if (json) {
      console.results().line(Json.line(json(id, explanation, page)));
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %s, %.1f %%",
            Wording.name(id),
            Wording.name(explanation.label()),
            100 * explanation.probability()));
    lines.add(words(explanation));
    lines.add("Written " + Wording.name(page.toString()));
    lines.forEach(
        line ->
            Wording.wrapped(line, console.terminal().columns()).forEach(console.results()::line));
  }

  private static String words(TextExplanation explanation) {
    if (explanation.marked().isEmpty()) {
      return "No single word speaks for it.";
    }
    boolean one = explanation.marked().size() == 1;
    return String.format(
        Locale.ROOT,
        "It rests most on: %s. Without %s %.1f %%, without %s %.1f %%: %s.",
        explanation.marked().stream()
            .map(explanation::word)
            .map(Wording::printable)
            .collect(Collectors.joining(", ")),
        one ? "it" : "them",
        100 * explanation.withoutMarked(),
        one ? "another word" : "as many other words",
        100 * explanation.withoutOthers(),
        (one ? "it matters" : "they matter")
            + (explanation.isConfirmed() ? "" : " no more than others"));
  }

  private static ObjectNode json(String id, TextExplanation explanation, Path page) {
    ObjectNode json = Json.object();
    json.put("input", id);
    json.put("label", explanation.label());
    json.put("probability", explanation.probability());
    ArrayNode words = json.putArray("words");
    for (WordEffect word : explanation.words()) {
      words
          .addObject()
          .put("word", explanation.word(word))
          .put("begin", word.begin())
          .put("end", word.end())
          .put("drop_in_log_odds", word.drop());
    }
    json.put("without_marked", explanation.withoutMarked());
    json.put("without_others", explanation.withoutOthers());
    json.put("confirmed", explanation.isConfirmed());
    json.put("page", page.toString());
    return json;
  }
}
