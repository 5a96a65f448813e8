package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.fft_fft;
import static org.bytedeco.pytorch.global.torch.fft_ifft;
import static org.bytedeco.pytorch.global.torch.fft_irfft;
import static org.bytedeco.pytorch.global.torch.fft_rfft;
import static org.bytedeco.pytorch.global.torch.view_as_complex;
import static org.bytedeco.pytorch.global.torch.view_as_real;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Fourier transforms. The last axis of their tensors holds real numbers (length 1) or real and
 * imaginary parts (length 2).
 */
final class Signals {
  private Signals() {}

  static void register(Operators operators) {
    operators.tensor("DFT", Signals::fourier).tensor("STFT", Signals::shortTimeFourier);
  }

  /** In the form of opset 20, with the axis as third input. */
  private static Tensor fourier(Call call) {
    Tensor x = call.tensor(0);
    boolean inverse = call.integer("inverse", 0) == 1;
    boolean oneSided = call.integer("onesided", 0) == 1;
    long axis = Shapes.axis(call.has(2) ? call.longs(2)[0] : -2, (int) x.dim());
    if (axis >= x.dim() - 1) {
      throw call.failure(
          "axis "
              + axis
              + " holds the parts of the numbers; a signal lies along an axis before it.");
    }
    LongOptional length =
        call.has(1)
            ? new LongOptional(call.longs(1)[0])
            : new LongOptional(defaultLength(x, axis, inverse && oneSided));
    NativeMemory.require(call, Math.max(1, x.numel() / Math.max(1, x.size(axis))), length.get());
    return inverse ? inverted(x, length, axis, oneSided) : transformed(x, length, axis, oneSided);
  }

  private static long defaultLength(Tensor x, long axis, boolean fromHalf) {
    return fromHalf ? 2 * (x.size(axis) - 1) : x.size(axis);
  }

  private static Tensor transformed(Tensor x, LongOptional length, long axis, boolean oneSided) {
    Tensor wide = computable(x);
    boolean real = x.size(x.dim() - 1) == 1;
    Tensor spectrum;
    if (real && oneSided) {
      spectrum = fft_rfft(wide.squeeze(-1), length, axis, new StringViewOptional());
    } else {
      Tensor signal = real ? wide.squeeze(-1) : view_as_complex(wide.contiguous());
      spectrum = fft_fft(signal, length, axis, new StringViewOptional());
      if (oneSided) {
        spectrum = spectrum.narrow(axis, 0, length.get() / 2 + 1);
      }
    }
    return view_as_real(spectrum.resolve_conj()).to(ScalarTypes.of(x));
  }

  private static Tensor inverted(Tensor x, LongOptional length, long axis, boolean oneSided) {
    Tensor wide = computable(x);
    boolean real = x.size(x.dim() - 1) == 1;
    Tensor spectrum = real ? wide.squeeze(-1) : view_as_complex(wide.contiguous());
    Tensor signal =
        oneSided
            ? fft_irfft(spectrum, length, axis, new StringViewOptional()).unsqueeze(-1)
            : view_as_real(
                fft_ifft(spectrum, length, axis, new StringViewOptional()).resolve_conj());
    return signal.to(ScalarTypes.of(x));
  }

  /** Half precision has no transform of its own. */
  private static Tensor computable(Tensor x) {
    ScalarType type = ScalarTypes.of(x);
    return type == ScalarType.Half || type == ScalarType.BFloat16 ? x.to(ScalarType.Float) : x;
  }

  /** Frames [batch, frames, frame length, parts] of the signal, times the window, transformed. */
  private static Tensor shortTimeFourier(Call call) {
    Tensor signal = call.tensor(0); // [batch, samples, 1 or 2], or [batch, samples]
    Tensor parts = signal.dim() == 2 ? signal.unsqueeze(-1) : signal;
    long step = call.longs(1)[0];
    long length = parts.size(1);
    if (call.has(3)) {
      length = call.longs(3)[0];
    } else if (call.has(2)) {
      length = call.tensor(2).size(0);
    }
    if (step < 1 || length < 1 || length > parts.size(1)) {
      throw call.failure(
          "frames of "
              + length
              + " samples at a step of "
              + step
              + " cannot be cut from a signal of "
              + parts.size(1)
              + ".");
    }
    NativeMemory.require(
        call, parts.size(0), (parts.size(1) - length) / step + 1, length, 2); // [B,F,L,2]
    Tensor frames = parts.unfold(1, length, step).transpose(2, 3); // [B, F, parts, L] -> [B,F,L,p]
    if (call.has(2)) {
      frames = frames.mul(call.tensor(2).reshape(length, 1));
    }
    boolean oneSided = call.integer("onesided", 1) == 1;
    return transformed(frames, new LongOptional(length), 2, oneSided);
  }
}
