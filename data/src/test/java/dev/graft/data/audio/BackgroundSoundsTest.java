package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackgroundSoundsTest {
  private final Path folder;

  BackgroundSoundsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void in_folder_givesAllAtTheRateAndAKeyOfTheContent() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("street/night"));
    Files.write(folder.resolve("a.wav"), TestSounds.wav(TestSounds.noise(0.3, 800, 1), 8_000));
    Files.write(deep.resolve("b.wav"), TestSounds.wav(TestSounds.noise(0.3, 400, 2), 8_000));
    Files.writeString(folder.resolve("notes.txt"), "not heard");
    BackgroundSounds sounds = BackgroundSounds.in(folder);
    assertThat(sounds.at(16_000))
        .allSatisfy(sound -> assertThat(sound.sampleRate()).isEqualTo(16_000))
        .extracting(sound -> sound.samples().length)
        .containsExactly(1_600, 800);
    assertThat(sounds).hasToString("2 recordings, sha256 " + sounds.hash());
    String before = sounds.hash();
    Files.write(deep.resolve("b.wav"), TestSounds.wav(TestSounds.noise(0.3, 400, 3), 8_000));
    assertThat(BackgroundSounds.in(folder).hash()).isNotEqualTo(before);
  }

  @Test
  void in_folderWithoutRecordings_isRefused() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "not heard");
    assertThatThrownBy(() -> BackgroundSounds.in(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none was found")
        .hasMessageContaining("content is that of a recording");
  }
}
