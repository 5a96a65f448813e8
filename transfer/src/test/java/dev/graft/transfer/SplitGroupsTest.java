package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.NearDuplicates;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleTable.Decoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SplitGroupsTest {
  private static final ExampleTable NONE = table();

  private static ExampleTable table(int... labels) {
    List<Example> examples = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      Path file = Path.of(i + ".png");
      examples.add(
          new Example(i + ".png", "class " + labels[i], new ExampleSource.FileSource(file)));
      hashes.add("content " + i);
    }
    return new ExampleTable(examples, labels, hashes, Decoding.FULL);
  }

  /** Features along one of two axes: what lies along the same one is nearly alike. */
  private static NearDuplicates alike(ExampleTable train, int... axes) {
    float[] features = new float[2 * axes.length];
    for (int i = 0; i < axes.length; i++) {
      features[2 * i + axes[i]] = 1;
    }
    return NearDuplicates.find(train.contentHashes(), features, 2, 0.97);
  }

  @Test
  void choose_groupsAcrossClasses_leaveEachClassSomethingToHoldOut() {
    // Both classes lie in both groups, but each owns one only: nothing could be held out.
    ExampleTable train = table(0, 0, 0, 1, 1, 1, 1, 0);
    NearDuplicates alike = alike(train, 0, 0, 0, 0, 1, 1, 1, 1);
    assertThat(Splitter.holdOut(train.labels(), alike.groups(), 0.2, 1).validation()).isEmpty();

    SplitGroups chosen = SplitGroups.choose(List.of("ant", "bee"), train, alike, NONE);

    Split split = Splitter.holdOut(train.labels(), chosen.groups(), 0.2, 1);
    assertThat(train.rows(split.validation()).labels()).contains(0, 1);
    assertThat(chosen.notes()).hasSize(1).allMatch(note -> note.contains("only equal files"));
  }

  @Test
  void choose_groupsWithinClasses_areKept() {
    ExampleTable train = table(0, 0, 0, 0, 1, 1, 1, 1);
    float[] features = {1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0};
    float[] all = new float[32];
    System.arraycopy(features, 0, all, 0, 16);
    for (int i = 0; i < 4; i++) {
      all[16 + 4 * i + 2 + i / 2] = 1;
    }
    NearDuplicates alike = NearDuplicates.find(train.contentHashes(), all, 4, 0.97);

    SplitGroups chosen = SplitGroups.choose(List.of("ant", "bee"), train, alike, NONE);

    assertThat(chosen.groups()).isEqualTo(alike.groups());
    assertThat(chosen.notes())
        .containsExactly(
            "4 pairs of training examples are nearly alike; they are kept on one side of every split.");
  }
}
