package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DatasetTest {

  private static List<Example> examples(String... ids) {
    return Arrays.stream(ids)
        .map(id -> new Example(id, id.split("/")[1], new ExampleSource.FileSource(Path.of(id))))
        .toList();
  }

  private static Dataset dataset(Set<String> empty, String... ids) {
    Map<Part, List<Example>> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      parts.put(
          part,
          examples(
              Arrays.stream(ids).filter(id -> id.startsWith(part.label())).toArray(String[]::new)));
    }
    return new Dataset(
        "pets", DatasetKind.IMAGE, parts, empty, List.of(new LeftOut("a/x.txt", "no image")));
  }

  private static final String[] GOOD = {
    "train/a/1", "train/a/2", "train/b/1", "train/b/2", "test/a/1"
  };

  @Test
  void requireTrainable_goodData_passes() {
    assertThatCode(() -> dataset(Set.of(), GOOD).requireTrainable()).doesNotThrowAnyException();
  }

  @Test
  void requireTrainable_noTrainingPart_saysSo() {
    assertThatThrownBy(() -> dataset(Set.of(), "test/a/1", "test/b/1").requireTrainable())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot train on pets: it has no usable training example.");
  }

  @Test
  void requireTrainable_emptyClass_namesIt() {
    assertThatThrownBy(() -> dataset(Set.of("c"), GOOD).requireTrainable())
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot train on pets: no usable example in class c. Add examples, or remove the folder. Left out: 1 item (a/x.txt: no image).");
  }

  @Test
  void requireTrainable_singleClass_namesIt() {
    assertThatThrownBy(() -> dataset(Set.of(), "train/a/1", "train/a/2").requireTrainable())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected at least 2 classes, found 1 (a, 2 examples)");
  }

  @Test
  void requireTrainable_oneExampleInAClass_namesIt() {
    assertThatThrownBy(
            () ->
                dataset(Set.of(), "train/a/1", "train/a/2", "train/b/1", "train/c/1")
                    .requireTrainable())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "expected at least 2 usable examples in each class, found 1 in classes b, c");
  }

  @Test
  void requireTrainable_unknownTestClass_namesIt() {
    String[] ids = Arrays.copyOf(GOOD, 6);
    ids[5] = "test/zebra/1";
    assertThatThrownBy(() -> dataset(Set.of(), ids).requireTrainable())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Cannot use the test part of pets: it has class zebra, which the train part does not know (it has a, b)");
  }

  @Test
  void without_unusableExamples_countsAgain() {
    Dataset left = dataset(Set.of(), GOOD).without(Map.of("train/b/1", "truncated"));
    assertThat(left.size()).isEqualTo(4);
    assertThat(left.leftOut()).contains(new LeftOut("train/b/1", "truncated"));
    assertThatThrownBy(left::requireTrainable).hasMessageContaining("found 1 in class b");
    assertThatThrownBy(() -> left.without(Map.of("train/b/2", "truncated")).requireTrainable())
        .hasMessageContaining("no usable example in class b");
  }

  @Test
  void withTrainingExamples_fewer_keepsTheOtherParts() {
    Dataset all = dataset(Set.of(), GOOD);
    Dataset few = all.withTrainingExamples(all.part(Part.TRAIN).subList(0, 1));
    assertThat(few.part(Part.TRAIN)).hasSize(1);
    assertThat(few.part(Part.TEST)).hasSize(1);
  }

  @Test
  void with_noExamplesOfAPart_hasNoSuchPart() {
    Dataset all = dataset(Set.of(), GOOD);
    Dataset without = all.with(Part.TEST, List.of());
    assertThat(without.parts()).containsOnlyKeys(Part.TRAIN);
    assertThat(without.with(Part.VALIDATION, all.part(Part.TEST)).part(Part.VALIDATION))
        .isEqualTo(all.part(Part.TEST));
  }

  @Test
  void find_sameContentUnderTwoLabels_isAConflict() {
    List<Example> examples = examples("train/a/1", "train/b/1", "train/a/2", "train/a/3");
    List<DuplicateConflict> conflicts =
        DuplicateConflict.find(examples, List.of("h", "h", "g", "g"));
    assertThat(conflicts).containsExactly(new DuplicateConflict("h", examples.subList(0, 2)));
  }
}
