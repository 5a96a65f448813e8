package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of wake words, from recordings to hits; and what they refuse. */
class WakewordCommandTest {
  private static final List<String> CHIMES = List.of("03", "07", "11", "15");

  @TempDir static Path folder = Path.of(".");
  private static Path model = Path.of(".");
  private static Outcome training = new Outcome(-1, "", "");

  @BeforeAll
  static void train() throws IOException {
    ChimeData.writeChimes(folder.resolve("chime"), 24);
    ChimeData.writeOthers(folder.resolve("other/train"), 12);
    ChimeData.writeEncoder(folder.resolve("encoder.onnx"));
    ChimeData.write(folder.resolve("stream.wav"), ChimeData.stream());
    model = folder.resolve("model");
    training = train(folder.resolve("chime"), "--other", folder.resolve("other"), "--out", model);
  }

  /** A short training: one round. */
  private static Outcome train(Object... further) {
    Object[] first = {
      "wakeword",
      "train",
      "--backbone",
      folder.resolve("encoder.onnx"),
      "--front-end",
      "google-speech-embedding/1",
      "--hours",
      "0.05",
      "--views",
      "6",
      "--budget",
      "1s"
    };
    Object[] all = Arrays.copyOf(first, first.length + further.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    return Commands.run(all);
  }

  private static Outcome wakeword(Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = "wakeword";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Commands.run(all);
  }

  private static void assertRefused(Outcome outcome, int exitCode, String... words) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    String said = outcome.err().replaceAll("\\s+", " ");
    assertThat(said).contains(words).doesNotContain("Exception");
  }

  @Test
  void train_chimes_tellsWhatItReached() throws IOException {
    assertThat(training.exitCode()).as(training.err()).isZero();
    assertThat(training.unwrappedOut())
        .contains(
            "listens for \"chime\", trained on 24 recordings of it",
            "On generated streams of held-out recordings:",
            "phrases missed",
            "gives the threshold for listen --threshold",
            "wakeword.html");
    assertThat(Files.readString(model.resolve("config.json"))).contains("\"phrase\"");
    Outcome predicted = Commands.run("predict", model, folder.resolve("chime/1.wav"));
    assertThat(predicted.exitCode()).as(predicted.err()).isZero();
    assertThat(predicted.out()).contains("chime");
  }

  @Test
  void listen_recordingAndRawSamples_hearTheSame() {
    Outcome recorded = wakeword("listen", model, folder.resolve("stream.wav"));
    assertThat(recorded.exitCode()).as(recorded.err()).isZero();
    assertThat(recorded.outLines())
        .as(recorded.out())
        .extracting(line -> line.substring(6, 8))
        .containsExactlyElementsOf(CHIMES);
    assertThat(recorded.outLines()).allMatch(line -> line.contains("chime"));
    assertThat(recorded.err()).contains("17.0 s heard, 4 hits", "times as fast", "% of a core");

    Outcome raw = Commands.runWithInput(raw(), "wakeword", "listen", model, "-");
    assertThat(raw.outLines())
        .extracting(line -> line.substring(0, 18))
        .isEqualTo(recorded.outLines().stream().map(line -> line.substring(0, 18)).toList());
    assertThat(raw.err()).contains("ms until an answer");
  }

  private static byte[] raw() {
    float[] stream = ChimeData.stream();
    ByteBuffer bytes = ByteBuffer.allocate(2 * stream.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : stream) {
      bytes.putShort((short) Math.round(32_767 * sample));
    }
    return bytes.array();
  }

  @Test
  void listen_json_writesAnObjectForEachHit() throws IOException {
    Outcome found = wakeword("listen", model, folder.resolve("stream.wav"), "--json");
    assertThat(found.outLines()).hasSize(4);
    JsonNode first = new ObjectMapper().readTree(found.outLines().get(0));
    assertThat(first.path("phrase").asText()).isEqualTo("chime");
    assertThat(first.path("seconds").asDouble()).isBetween(3.0, 4.0);
    assertThat(first.path("score").asDouble()).isBetween(0.5, 1.0);
  }

  @Test
  void evaluate_labelledStream_countsWhatListeningHears() throws IOException {
    StringBuilder table = new StringBuilder("path,label,start,end\n");
    CHIMES.forEach(
        second ->
            table
                .append("stream.wav,chime,")
                .append(second)
                .append(".0,")
                .append(second)
                .append(".5\n"));
    table.append("stream.wav,other,1.0,1.5\n");
    Path labels = Files.writeString(folder.resolve("labels.csv"), table);
    Path page = folder.resolve("curve.html");
    Outcome found =
        wakeword(
            "evaluate",
            model,
            "--stream",
            folder.resolve("stream.wav"),
            "--labels",
            labels,
            "--out",
            page,
            "--json");
    assertThat(found.exitCode()).as(found.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(found.out());
    assertThat(json.at("/at_threshold/phrases").asInt()).isEqualTo(4);
    assertThat(json.at("/at_threshold/missed").asInt()).isZero();
    assertThat(json.at("/at_threshold/false_accepts").asInt()).isZero();
    assertThat(json.at("/at_threshold/false_accepts_per_hour_at_most").asDouble())
        .isCloseTo(3 * 3_600 / 17.0, org.assertj.core.data.Offset.offset(1.0));
    assertThat(Files.readString(page)).contains("rule of three", "no false accept");

    assertRefused(
        wakeword("evaluate", model, "--stream", folder.resolve("stream.wav"), "--out", page),
        ExitCode.USAGE,
        "curve.html",
        "--overwrite");
  }

  @Test
  void evaluate_positives_hearsEachByItself() throws IOException {
    Path unheard = ChimeData.writeChimes(folder.resolve("unheard"), 9);
    Outcome found = wakeword("evaluate", model, "--positives", unheard);
    assertThat(found.exitCode()).as(found.err()).isZero();
    assertThat(found.unwrappedOut()).contains("of 9 phrases missed", "times real time on one core");
  }

  @Test
  void train_tooLittle_isRefused() throws IOException {
    Path few = ChimeData.writeChimes(folder.resolve("few"), 19);
    assertRefused(
        train(few, "--other", folder.resolve("other"), "--out", folder.resolve("none")),
        ExitCode.DATA,
        "at least 20 recordings of the phrase are expected, but 19 can be used");
    assertRefused(
        train(folder.resolve("chime"), "--out", folder.resolve("none")),
        ExitCode.DATA,
        "at least 10 s of other sound are expected, but 0.0 s can be used",
        "--other");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void train_badSettings_areRefused() throws IOException {
    Path chime = folder.resolve("chime");
    Path none = folder.resolve("none");
    assertRefused(
        train(chime, "--out", none, "--false-accepts-per-hour", "0"),
        ExitCode.USAGE,
        "false accepts per hour: expected above 0");
    Path classes = folder.resolve("classes");
    ChimeData.writeChimes(classes.resolve("chime"), 3);
    ChimeData.writeOthers(classes.resolve("bell"), 1);
    assertRefused(
        train(classes, "--out", none, "--phrase", "gong"),
        ExitCode.DATA,
        "a class \"gong\" is expected, but there are [bell, chime]");
    assertRefused(
        wakeword("train", chime, "--out", none, "--backbone", "graft/photo-small"),
        ExitCode.MODEL,
        "one that takes sound is expected",
        "images");
    assertRefused(train(chime, "--out", model), ExitCode.USAGE, "--overwrite");
    assertRefused(
        train(chime, "--other", folder.resolve("other"), "--out", none, "--window", "20"),
        ExitCode.USAGE,
        "windows of 20.0 s: at most 15 s are expected");
  }

  @Test
  void listenAndEvaluate_badInput_isRefused() throws IOException {
    assertRefused(wakeword("listen", model), ExitCode.USAGE, "Expected either a recording");
    assertRefused(
        wakeword("listen", model, "x.wav", "--threshold", "1.5"), ExitCode.USAGE, "threshold");
    assertRefused(
        wakeword("listen", model, folder.resolve("absent.wav")), ExitCode.DATA, "absent.wav");
    assertRefused(
        Commands.runWithInput(new byte[] {1, 2, 3}, "wakeword", "listen", model, "-"),
        ExitCode.DATA,
        "a single byte is left");
    assertRefused(wakeword("evaluate", model), ExitCode.USAGE, "--stream FILE, --positives PATH");
    Path labels =
        Files.writeString(
            folder.resolve("gongs.csv"),
            """
            path,label,start,end
            stream.wav,gong,1.0,1.5
            stream.wav,bell,3.0,3.5
            """);
    assertRefused(
        wakeword("evaluate", model, "--stream", folder.resolve("stream.wav"), "--labels", labels),
        ExitCode.DATA,
        "rows with the label \"chime\"");
    Path text = Files.writeString(folder.resolve("text.wav"), "no recording");
    assertRefused(wakeword("evaluate", model, "--stream", text), ExitCode.DATA, "text.wav");
  }

  @Test
  void listen_bundleOfImages_isRefused() {
    Path images = folder.resolve("images");
    assertThat(Commands.train(images).exitCode()).isZero();
    assertRefused(
        wakeword("listen", images.resolve("model"), folder.resolve("stream.wav")),
        ExitCode.MODEL,
        "wake word");
  }

  @Test
  void microphone_noneOrSome_isSaidOrHeard() {
    assertThatThrownBy(
            () ->
                MicrophoneSamples.open(
                    format -> {
                      throw new LineUnavailableException("in use");
                    },
                    16_000))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("this machine offers none (in use)")
        .hasMessageContaining("arecord");

    byte[] bytes = raw();
    ByteBuffer recorded = ByteBuffer.wrap(bytes);
    TargetDataLine line =
        (TargetDataLine)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TargetDataLine.class},
                (proxy, method, arguments) -> {
                  if (!method.getName().equals("read")) {
                    return method.getName().equals("getFormat")
                        ? new javax.sound.sampled.AudioFormat(16_000, 16, 1, true, false)
                        : Map.of(int.class, 0, boolean.class, false).get(method.getReturnType());
                  }
                  int count = Math.min((int) arguments[2], recorded.remaining());
                  recorded.get((byte[]) arguments[0], (int) arguments[1], count);
                  return count;
                });
    float[] samples = new float[1_000];
    try (MicrophoneSamples microphone = MicrophoneSamples.open(format -> line, 16_000)) {
      assertThat(microphone.isLive()).isTrue();
      int got = microphone.read(samples);
      assertThat(got).isBetween(1, 1_000);
      assertThat(samples[got - 1] * 32_768)
          .isEqualTo(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(2 * got - 2));
    }
  }
}
