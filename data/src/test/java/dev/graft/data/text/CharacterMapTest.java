package dev.graft.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The map in charsmap.txt was made by the sentencepiece package of Python (0.2.2) for the rules
 * U+FB01 to "fi", U+2460 to 1, U+FF21 to A, U+3000 and U+00A0 to a blank, U+00DF to "ss".
 */
final class CharacterMapTest {
  private static final String MAP =
      new String(TestTokenizers.resource("charsmap.txt"), StandardCharsets.US_ASCII).strip();

  private static String tokenizer(String map) {
    return "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Precompiled\",\"precompiled_charsmap\":\""
        + map
        + "\"}]},\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"?\",0.0],[\"fi\",-1.0],[\"ss\",-1.0],[\"A\",-1.0],[\"1\",-1.0]]}}";
  }

  @Test
  void problem_mapOfSentencePiece_isNone() {
    assertThat(CharacterMap.problem(MAP)).isEmpty();
    try (Tokenizer tokenizer = Tokenizer.ofJson(tokenizer(MAP), "map.json")) {
      assertThat(tokenizer.encode("\ufb01\u00df\uff21\u2460", 9).ids()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void problem_damagedMaps_areNamed() {
    assertThat(CharacterMap.problem("?")).hasValue("is no Base64");
    assertThat(CharacterMap.problem("AAAA")).hasValue("does not hold the trie that it announces");
    assertThat(CharacterMap.problem("BAAAAP////8AAAAA")).hasValue("leads out of its own trie");
    byte[] bytes = Base64.getDecoder().decode(MAP);
    bytes[bytes.length - 2] = (byte) 0xff;
    assertThat(CharacterMap.problem(Base64.getEncoder().encodeToString(bytes)))
        .hasValue("has replacements that are no UTF-8");
    assertThatThrownBy(() -> Tokenizer.ofJson(tokenizer("AAAA"), "map.json"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Cannot use the tokenizer map.json: its character map does not hold the trie");
  }

  /** Whatever passes must not end the process: that would end this test as well. */
  @Test
  void problem_randomDamage_isFoundOrHarmless() {
    Random random = new Random(5);
    StringBuilder all = new StringBuilder();
    for (int c = 1; c < 0x3100; c++) {
      all.appendCodePoint(c);
    }
    all.append("\ufb01\uff21\ud83d\ude00");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes = Base64.getDecoder().decode(MAP);
      for (int k = 0; k < 1 + i % 4; k++) {
        bytes[4 + random.nextInt(bytes.length - 4)] ^= (byte) (1 << random.nextInt(8));
      }
      String map = Base64.getEncoder().encodeToString(bytes);
      if (CharacterMap.problem(map).isPresent()) {
        refused++;
      } else {
        try (Tokenizer tokenizer = Tokenizer.ofJson(tokenizer(map), "map.json")) {
          assertThat(tokenizer.encode(all.toString(), 10).length()).isBetween(0, 10);
        }
      }
    }
    assertThat(refused).isBetween(10, 290);
  }
}
