package dev.graft.data.audio;

import java.util.OptionalDouble;

/**
 * What the header of a recording says.
 *
 * @param format the container: wav, flac, mp3, ogg, mp4 (also M4A), aiff or aac
 * @param codec how the samples are coded, in FFmpeg's words: pcm_s16le, flac, mp3, vorbis, opus,
 *     aac and others
 * @param sampleRate samples per second of the file itself
 * @param channels number of channels
 * @param bits bits of a sample where the coding keeps them all, else 0
 * @param seconds length as stated or as the size suggests, empty where unknown
 */
public record AudioDescription(
    String format, String codec, int sampleRate, int channels, int bits, OptionalDouble seconds) {}
