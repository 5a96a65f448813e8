package dev.graft.data.text;

import org.jspecify.annotations.Nullable;

/** Where the code points of a text lie among its chars. */
final class CharPlaces {
  /** The place of each code point and of the end; null where both are the same. */
  private final int @Nullable [] places;

  private CharPlaces(int @Nullable [] places) {
    this.places = places;
  }

  static CharPlaces of(String text) {
    int count = text.codePointCount(0, text.length());
    if (count == text.length()) {
      return new CharPlaces(null);
    }
    int[] places = new int[count + 1];
    int at = 0;
    for (int i = 0; i < count; i++) {
      places[i] = at;
      at += Character.charCount(text.codePointAt(at));
    }
    places[count] = at;
    return new CharPlaces(places);
  }

  /** The place in chars of a place in code points; -1 stays -1. */
  int ofCodePoint(int place) {
    return places == null || place < 0 ? place : places[place];
  }
}
