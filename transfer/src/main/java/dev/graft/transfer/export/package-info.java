/** How a trained network becomes one ONNX file with its preprocessing inside, and a bundle. */
@NullMarked
package dev.graft.transfer.export;

import org.jspecify.annotations.NullMarked;
