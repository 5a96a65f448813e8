package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.ExampleSource;
import dev.graft.data.text.TokenSequence;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class TokenDropTest {
  private static final int COUNT = 4_000;

  /** The first token is a special one. */
  private static TokenSequence text() {
    int[] ids = new int[COUNT];
    int[] places = new int[COUNT];
    Arrays.fill(ids, 7);
    Arrays.setAll(places, i -> i - 1);
    return new TokenSequence(ids, places, places, false);
  }

  private static String hash(String content) {
    return ExampleSource.hash(content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void apply_share_makesAboutSoManyUnknownButNoSpecialOne() {
    int most = 0;
    for (int view = 1; view <= 50; view++) {
      int[] ids = new TokenDrop(0.25, 1, 3).apply(text(), hash("a"), view).ids();
      assertThat(ids[0]).isEqualTo(7);
      int unknown = (int) Arrays.stream(ids).filter(id -> id == 1).count();
      assertThat(Arrays.stream(ids).filter(id -> id == 7).count()).isEqualTo(COUNT - unknown);
      most = Math.max(most, unknown);
      assertThat(unknown).isBetween(COUNT / 5, COUNT * 3 / 10);
    }
    assertThat(most).isPositive();
  }

  @Test
  void apply_sameTextViewAndSeed_dropsTheSame() {
    TokenDrop drop = new TokenDrop(0.5, 1, 3);
    int[] first = drop.apply(text(), hash("a"), 2).ids();
    assertThat(drop.apply(text(), hash("a"), 2).ids()).isEqualTo(first);
    assertThat(drop.apply(text(), hash("b"), 2).ids()).isNotEqualTo(first);
    assertThat(drop.apply(text(), hash("a"), 3).ids()).isNotEqualTo(first);
    assertThat(new TokenDrop(0.5, 1, 4).apply(text(), hash("a"), 2).ids()).isNotEqualTo(first);
  }

  @Test
  void apply_none_changesNothing() {
    TokenSequence text = text();
    assertThat(TokenDrop.NONE.apply(text, hash("a"), 2)).isSameAs(text);
  }

  @Test
  void new_shareOutOfRange_isRefused() {
    assertThatThrownBy(() -> new TokenDrop(1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a share in [0, 1)")
        .hasMessageContaining("found 1.0 and 1");
  }
}
