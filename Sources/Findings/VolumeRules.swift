/// Which slices of a volume a pipeline uses: rules over the planes that frames lie in (PS3.3 C.7.6.2).
package struct VolumeRules: Sendable, Equatable {
  /// The anatomical plane nearest to that of a slice.
  package enum Orientation: String, Sendable, CaseIterable {
    case axial, coronal, sagittal
  }

  /// Which slices of a stack are used, counted along its normal and not in the order of files.
  package enum Sampling: Sendable, Equatable {
    case all
    /// The first slice and every n-th after it, from 2.
    case every(Int)
    /// This many slices, from 1, each nearest to the middle of one equal part of the stack.
    case count(Int)
  }

  /// Empty for every orientation.
  package var orientations: [Orientation] = []
  /// Slice Thickness (0018,0050) in mm.
  package var sliceThickness: ClosedRange<Double>?
  /// The distance of neighbouring slices in mm: their positions decide, else Spacing Between Slices (0018,0088).
  package var sliceSpacing: ClosedRange<Double>?
  package var sampling = Sampling.all

  package init() {}

  /// Whether no rule asks where a frame lies.
  package var isEmpty: Bool { self == VolumeRules() }
}
