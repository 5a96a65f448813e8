/**
 * The data doctor: likely wrong labels, near-duplicates, outliers and properties of the pictures
 * that tell the class without their content. It reports and never changes anything.
 */
@NullMarked
package dev.graft.transfer.doctor;

import org.jspecify.annotations.NullMarked;
