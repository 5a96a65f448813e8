package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import dev.graft.data.DatasetReader;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.HeadArchitecture;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.TrainedModel;
import dev.graft.transfer.TransferLearning;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The README's examples are the marked regions of this file, which run; its commands exist. */
class ReadmeTest {
  private static final Path PROJECT = Path.of(System.getProperty("graft.project", ".."));
  private static final String OWN_SOURCE = "cli/src/test/java/dev/graft/cli/ReadmeTest.java";

  @TempDir Path folder = Path.of(".");

  @Test
  void javaExamples_onGeneratedData_trainAndPredict() throws IOException {
    Path photos = RehearsalData.writeImages(folder.resolve("photos"));
    Path backboneFile = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
    Path modelFolder = folder.resolve("model");
    Path photo = photos.resolve("test/red/0.bmp");
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        ImagePreprocessing.preset("unit", 32, 32).toJson());

    // region train
    Backbone backbone = Backbone.load(backboneFile, BackboneOptions.defaults());
    TrainedModel model =
        TransferLearning.from(backbone)
            .head(HeadArchitecture.linear())
            .strategy(Strategy.parse("head"))
            .fit(DatasetReader.read(photos));
    model.save(modelFolder);
    // endregion

    assertThat(model.record().test().orElseThrow().accuracy()).isEqualTo(1);

    // region predict
    try (Predictor predictor = Predictor.load(modelFolder)) {
      Prediction prediction = predictor.predict(photo);
      String answer = prediction.label() + " " + prediction.probability();
      // endregion
      assertThat(answer).startsWith("red 0.9");
    }
  }

  @Test
  void javaExamples_inReadme_areThoseOfThisTest() throws IOException {
    List<String> regions = regions(Files.readString(PROJECT.resolve(OWN_SOURCE)));
    List<String> examples = codeBlocks(Files.readString(PROJECT.resolve("README.md")), "java");
    assertThat(regions).hasSize(2);
    assertThat(examples).containsExactlyElementsOf(regions);
  }

  @Test
  void environment_inReadme_isThatOfTheLauncher() throws IOException {
    Set<String> ofLauncher = new TreeSet<>();
    Matcher setting =
        Pattern.compile("((?:MALLOC|OMP)_[A-Z_]+)=\\$\\{\\1:-([^}]+)}")
            .matcher(Files.readString(PROJECT.resolve("graft")));
    while (setting.find()) {
      ofLauncher.add(setting.group(1) + "=" + setting.group(2));
    }
    Set<String> ofReadme = new TreeSet<>();
    Matcher exported =
        Pattern.compile("[ `]((?:MALLOC|OMP)_[A-Z_]+=[A-Z0-9]+)")
            .matcher(Files.readString(PROJECT.resolve("README.md")));
    while (exported.find()) {
      ofReadme.add(exported.group(1));
    }
    assertThat(ofLauncher).hasSize(4);
    assertThat(ofReadme).isEqualTo(ofLauncher);
  }

  /** On the samples of this project, into a folder of the test. */
  @Test
  void firstCommand_inReadme_needsNothingElse() throws IOException {
    assumeTrue(BundledBackbone.PHOTO_SMALL.isPresent(), "this build holds no backbone");
    Path modelFolder = folder.resolve("my-model");
    List<String> first = commands(Files.readString(PROJECT.resolve("README.md"))).get(0);
    Stream<Object> words =
        first.stream()
            .skip(1)
            .map(
                word ->
                    switch (word) {
                      case "samples/digits" -> PROJECT.resolve("samples/digits");
                      case "my-model" -> modelFolder;
                      default -> word;
                    });
    // It takes the time that it is given, 40 s by itself.
    Outcome outcome = Commands.run(Stream.concat(words, Stream.of("--budget", "12s")).toArray());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("Backbone: graft/photo-small, which comes with Graft");
    assertThat(outcome.unwrappedOut()).contains("train 50 (", "test 200 (");
    JsonNode metrics = new ObjectMapper().readTree(modelFolder.resolve("metrics.json").toFile());
    // By chance, one of ten is right.
    assertThat(metrics.at("/test/accuracy").asDouble()).isGreaterThan(0.5);
  }

  @Test
  void commands_inReadme_areParsedByTheCommandLine() throws IOException {
    CommandLine commandLine = Graft.commandLine(Console.system());
    List<List<String>> commands = commands(Files.readString(PROJECT.resolve("README.md")));
    assertThat(commands).hasSizeGreaterThan(8);
    for (List<String> command : commands) {
      CommandLine.ParseResult parsed =
          commandLine.parseArgs(command.subList(1, command.size()).toArray(String[]::new));
      assertThat(parsed.errors()).as(String.join(" ", command)).isEmpty();
    }
    assertThat(commands.stream().map(command -> command.get(1)))
        .contains("train", "predict", "evaluate", "inspect", "completion");
  }

  private static List<String> regions(String source) {
    List<String> found = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("// region \\w+\n(.*?) +// endregion", Pattern.DOTALL).matcher(source);
    while (matcher.find()) {
      String region = matcher.group(1).stripTrailing().stripIndent() + "\n";
      long open = region.chars().filter(c -> c == '{').count();
      long closed = region.chars().filter(c -> c == '}').count();
      found.add(region + "}\n".repeat((int) (open - closed)));
    }
    return found;
  }

  private static List<String> codeBlocks(String markdown, String language) {
    List<String> found = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(markdown);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /** Lines of shell blocks that call the launcher, without what the shell itself reads. */
  private static List<List<String>> commands(String markdown) {
    List<List<String>> found = new ArrayList<>();
    for (String block : codeBlocks(markdown, "sh")) {
      for (String line : block.replace("\\\n", " ").lines().toList()) {
        String command =
            line.replaceAll("^source <\\((.*)\\)$", "$1").replaceAll("\\s+[#<>|].*", "");
        if (command.startsWith("./graft ") || command.startsWith("graft ")) {
          found.add(List.of(command.trim().split("\\s+")));
        }
      }
    }
    return found;
  }
}
