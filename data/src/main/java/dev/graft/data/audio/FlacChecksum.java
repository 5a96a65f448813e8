package dev.graft.data.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Holds the samples of a FLAC file against the MD5 that its encoder stored (RFC 9639, section 8.2).
 */
final class FlacChecksum {
  private static final int STREAM_INFO_BYTES = 34;
  private static final int CHECKSUM_AT = 18;

  private final byte[] stated;
  private final int bits;
  private final MessageDigest digest;
  private byte[] bytes = new byte[0];

  private FlacChecksum(byte[] stated, int bits) {
    this.stated = stated;
    this.bits = bits;
    try {
      this.digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has MD5", impossible);
    }
  }

  /** The checksum of a stream, if it is FLAC and states one. */
  static Optional<FlacChecksum> of(AVCodecParameters parameters) {
    int bits = parameters.bits_per_raw_sample();
    if (parameters.codec_id() != avcodec.AV_CODEC_ID_FLAC
        || parameters.extradata_size() < STREAM_INFO_BYTES
        || bits < 4
        || bits > 32) {
      return Optional.empty();
    }
    byte[] info = new byte[STREAM_INFO_BYTES];
    parameters.extradata().capacity(STREAM_INFO_BYTES).get(info);
    byte[] stated = Arrays.copyOfRange(info, CHECKSUM_AT, STREAM_INFO_BYTES);
    // Zeros mean that the encoder did not compute it.
    return Arrays.equals(stated, new byte[stated.length])
        ? Optional.empty()
        : Optional.of(new FlacChecksum(stated, bits));
  }

  /** Adds a frame: signed little-endian samples of whole bytes, channels interleaved. */
  void add(AVFrame frame) {
    int channels = frame.ch_layout().nb_channels();
    int count = frame.nb_samples();
    boolean planar = avutil.av_sample_fmt_is_planar(frame.format()) != 0;
    int container = avutil.av_get_bytes_per_sample(frame.format());
    int width = (bits + 7) / 8;
    int length = count * channels * width;
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    int planes = planar ? channels : 1;
    for (int p = 0; p < planes; p++) {
      int values = planar ? count : count * channels;
      ByteBuffer raw =
          frame
              .extended_data(p)
              .capacity((long) values * container)
              .asByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN);
      if (!planar && container == width && bits == 8 * width) {
        raw.get(bytes, 0, length);
        continue;
      }
      for (int k = 0; k < values; k++) {
        // The decoder moves samples to the upper end of its 16 or 32 bits.
        int value =
            container == 2 ? raw.getShort(2 * k) >> (16 - bits) : raw.getInt(4 * k) >> (32 - bits);
        int at = (planar ? k * channels + p : k) * width;
        for (int b = 0; b < width; b++) {
          bytes[at + b] = (byte) (value >> (8 * b));
        }
      }
    }
    digest.update(bytes, 0, length);
  }

  /** Whether all that was added has the stated checksum. */
  boolean holds() {
    return Arrays.equals(stated, digest.digest());
  }
}
