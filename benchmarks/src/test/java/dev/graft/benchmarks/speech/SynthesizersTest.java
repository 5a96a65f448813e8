package dev.graft.benchmarks.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class SynthesizersTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void process_programMissing_saysWhatToInstall() {
    assertThatThrownBy(
            () ->
                ToolProcess.run(
                    SpeechProgram.FESTIVAL,
                    List.of("no-such-synthesizer"),
                    Duration.ofSeconds(5),
                    folder.resolve("log")))
        .isInstanceOf(MissingProgramException.class)
        .hasMessageContaining("festival: it is not on the path")
        .hasMessageContaining(
            "apt-get install festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts");
  }

  @Test
  void process_takesTooLong_isStopped() {
    ToolProcess process =
        ToolProcess.run(
            SpeechProgram.FLITE,
            List.of("sleep", "60"),
            Duration.ofSeconds(1),
            folder.resolve("log"));
    assertThat(process.ended()).isFalse();
    assertThat(process.output()).isEqualTo("stopped after 1 s");
  }

  @Test
  void process_fails_givesWhatItWrote() {
    ToolProcess process =
        ToolProcess.run(
            SpeechProgram.FLITE,
            List.of("ls", "/no such folder"),
            Duration.ofSeconds(20),
            folder.resolve("log"));
    assertThat(process.ended()).isFalse();
    assertThat(process.output()).contains("/no such folder");
  }

  /** With the synthesizers; skipped where they are not installed. */
  @Nested
  final class Installed {
    @BeforeEach
    void requireAll() {
      try {
        new Synthesizers(folder).requireVoices(VoiceCatalogue.all());
      } catch (MissingProgramException missing) {
        assumeTrue(false, () -> "the synthesizers are needed: " + missing);
      }
    }

    @Test
    void requireVoices_unknownVoice_isNamed() {
      SpeechVoice unknown =
          new SpeechVoice(SpeechProgram.ESPEAK_NG, "nobody", Interval.only(50), Interval.only(1));
      assertThatThrownBy(() -> new Synthesizers(folder).requireVoices(List.of(unknown)))
          .isInstanceOf(MissingProgramException.class)
          .hasMessageContaining("voices of espeak-ng: not installed are nobody");
    }

    /** Each is asked for 160 Hz and half the speed; eSpeak counts pitch by an index. */
    @Test
    void speak_slowerVoice_takesLonger() throws IOException {
      List<Synthesizer.Job> jobs = new ArrayList<>();
      for (SpeechVoice voice : VoiceCatalogue.all()) {
        if (voice.program() != SpeechProgram.ESPEAK_NG || voice.name().equals("max")) {
          for (double speed : new double[] {1.3, 0.75}) {
            Utterance said =
                new Utterance("window.", voice, "en-us", speed, voice.pitch().low(), 1);
            jobs.add(new Synthesizer.Job(said, folder.resolve(jobs.size() + ".wav")));
          }
        }
      }
      assertThat(new Synthesizers(folder).speak(jobs)).isEmpty();
      for (int i = 0; i < jobs.size(); i += 2) {
        double fast = clip(jobs.get(i)).seconds();
        double slow = clip(jobs.get(i + 1)).seconds();
        assertThat(slow / fast).as(jobs.get(i).utterance().voice().id()).isBetween(1.25, 2.2);
      }
    }

    private Waveform clip(Synthesizer.Job job) throws IOException {
      return SpokenClip.of(WaveFiles.read(job.file()), 1).orElseThrow();
    }

    /** What espeak-ng would say, as phonemes: words that sound alike cannot be told apart. */
    @Test
    void vocabulary_spokenByAnAccent_hasNoTwoWordsThatSoundAlike() throws IOException {
      List<String> words = new ArrayList<>(Vocabulary.load().words());
      words.addAll(List.of("one", "two", "four", "eight", "alexa", "jarvis", "mirror"));
      Path text = folder.resolve("words.txt");
      Files.writeString(text, String.join(".\n\n", words.stream().map(Vocabulary::text).toList()));
      ToolProcess process =
          ToolProcess.run(
              SpeechProgram.ESPEAK_NG,
              List.of("espeak-ng", "-q", "-x", "-v", "en-us", "-f", text.toString()),
              Duration.ofSeconds(60),
              folder.resolve("log"));
      List<String> phonemes =
          process.output().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
      assertThat(phonemes).hasSameSizeAs(words);
      Map<String, String> bySound = new TreeMap<>();
      for (int i = 0; i < words.size(); i++) {
        String sound = phonemes.get(i).replaceAll("[',%=_:| ]", "");
        assertThat(bySound.put(sound, words.get(i))).as("sounds like " + words.get(i)).isNull();
      }
    }

    // --- the programs ------------------------------------------------------------------------

    private String run(Program program, String... arguments) {
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      PrintStream print = new PrintStream(printed, true, StandardCharsets.UTF_8);
      assertThat(program.execute(print, arguments)).isZero();
      return printed.toString(StandardCharsets.UTF_8);
    }

    private Map<String, byte[]> content(Path root) throws IOException {
      Map<String, byte[]> content = new TreeMap<>();
      try (Stream<Path> tree = Files.walk(root)) {
        for (Path file : tree.filter(Files::isRegularFile).toList()) {
          content.put(root.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
      return content;
    }

    @Test
    void corpus_interruptedAndGoneOnWith_isTheSame() throws IOException {
      String whole = folder.resolve("whole").toString();
      String[] settings = {"--words", "2", "--variants", "8", "--validation", "3", "--seed", "5"};
      String printed = run(SpeechCorpus::execute, with(settings, whole));
      assertThat(printed).contains("train: 16 clips of 2 words", "left out: none");

      Path cut = folder.resolve("cut");
      run(SpeechCorpus::execute, with(settings, cut.toString()));
      String word = Vocabulary.load().draw(2, 5).words().get(1);
      Files.delete(cut.resolve(".words").resolve(word + ".csv"));
      Files.delete(cut.resolve("clips.csv"));
      run(SpeechCorpus::execute, with(settings, cut.toString()));

      Map<String, byte[]> expected = content(Path.of(whole));
      Map<String, byte[]> found = content(cut);
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      expected.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
    }

    private static String[] with(String[] settings, String out) {
      return Stream.concat(Stream.of("--out", out), Stream.of(settings)).toArray(String[]::new);
    }

    @Test
    void stream_ofOneMinute_holdsWhatItsTableTells() throws IOException {
      Path recordings = Files.createDirectories(folder.resolve("recordings/chirp"));
      float[] chirp = new float[8_000];
      for (int i = 0; i < chirp.length; i++) {
        chirp[i] = (float) (0.5 * Math.sin(i * 0.2 * (1 + i / 8_000.0)));
      }
      WaveFiles.write(recordings.resolve("1.wav"), new Waveform(chirp, Waveform.RATE));
      Path file = folder.resolve("stream.wav");
      String[] arguments = {
        "--out",
        file.toString(),
        "--hours",
        "0.01667",
        "--seed",
        "2",
        "--words",
        folder.resolve("recordings").toString()
      };
      String printed = run(SpeechStream::execute, arguments);
      assertThat(printed).contains("sentence:", "noise:", "chirp:");
      byte[] bytes = Files.readAllBytes(file);
      assertThat(bytes.length).isEqualTo(WaveOutput.HEADER_BYTES + 2 * 960_192);
      Waveform stream = WaveFiles.read(file);
      assertThat(stream.peak()).isBetween(0.02f, 0.98f);

      List<String> table = Files.readAllLines(folder.resolve("stream.csv"));
      assertThat(table).startsWith(StreamEvent.HEADER);
      int loud = 0;
      int sounds = 0;
      for (String line : table.subList(1, table.size())) {
        String[] columns = line.split(",");
        if (!line.contains(",noise,")) {
          int from = (int) (Double.parseDouble(columns[0]) * Waveform.RATE);
          int to = (int) (Double.parseDouble(columns[1]) * Waveform.RATE);
          double decibels = Double.parseDouble(columns[columns.length - 1]);
          double rms = SpokenClip.rms(stream.samples(), from, Math.min(to, 960_192));
          sounds++;
          loud += 20 * Math.log10(rms) > decibels - 4 ? 1 : 0;
        }
      }
      assertThat(sounds).isGreaterThan(8);
      // The last sound may be cut by the end of the stream.
      assertThat(loud).isGreaterThanOrEqualTo(sounds - 1);

      run(SpeechStream::execute, arguments);
      assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }
  }

  /** A program's entry. */
  @FunctionalInterface
  private interface Program {
    int execute(PrintStream print, String... arguments);
  }
}
