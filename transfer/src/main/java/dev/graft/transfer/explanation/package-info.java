/**
 * What in an image or a recording a trained model's answer rests on: Grad-CAM (Selvaraju et al.
 * 2017), occlusion as a check on it (Zeiler and Fergus 2014), whether the two agree, and a picture
 * of both.
 */
@NullMarked
package dev.graft.transfer.explanation;

import org.jspecify.annotations.NullMarked;
