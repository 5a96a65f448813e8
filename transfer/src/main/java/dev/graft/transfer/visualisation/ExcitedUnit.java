package dev.graft.transfer.visualisation;

import dev.graft.data.image.PixelImage;
import java.util.List;

/**
 * A unit of a block and what excites it most.
 *
 * @param channel its number
 * @param values its values at the patches, the strongest first
 * @param labels the classes of the images from which the patches come, in the same order
 * @param sheet the patches, row by row
 */
record ExcitedUnit(int channel, List<Float> values, List<String> labels, PixelImage sheet) {}
