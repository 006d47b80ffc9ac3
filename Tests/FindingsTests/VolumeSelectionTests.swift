import DICOMCore
import Findings
import Foundation
import Testing

/// Rules about the place of slices: orientation, thickness, spacing and sampling (PS3.3 C.7.6.2).
struct VolumeSelectionTests {
  private static let axial = [1.0, 0, 0, 0, 1, 0]
  private static let coronal = [1.0, 0, 0, 0, 0, -1]
  private static let sagittal = [0.0, 1, 0, 0, 0, -1]

  /// A CT slice; `number` gives Instance Number and UID.
  private func slice(
    _ number: Int, z: Double?, orientation: [Double]? = axial, thickness: Double? = 1, series: Int = 1
  ) throws -> DataSet {
    var dataSet = DataSet()
    dataSet.set(.modality, .cs, "CT")
    dataSet.set(.rows, .us, integers: [4])
    dataSet.set(.columns, .us, integers: [4])
    dataSet.set(.instanceNumber, .is, "\(number)")
    dataSet.set(.sopInstanceUID, try uid("1.2.\(series).\(number)"))
    dataSet.set(.seriesInstanceUID, try uid("1.2.\(series)"))
    if let z { dataSet.set(.imagePositionPatient, .ds, "-100", "-100", "\(z)") }
    if let orientation { dataSet.set(.imageOrientationPatient, .ds, strings: orientation.map { "\($0)" }) }
    if let thickness { dataSet.set(.sliceThickness, .ds, "\(thickness)") }
    return dataSet
  }

  private func rules(_ change: (inout VolumeRules) -> Void) -> SelectionRules {
    var rules = SelectionRules(modalities: ["CT"])
    rules.minimumAge = 0
    rules.maximumImagesPerStudy = 1000
    change(&rules.volume)
    return rules
  }

  private func reasons(_ selection: StudySelection) -> [ImageExclusion?] {
    selection.decisions.map { if case .excluded(let reason) = $0 { reason } else { nil } }
  }

  // MARK: Sampling

  static let samplings: [(VolumeRules.Sampling, [Double])] = [
    (.every(2), [0, 2, 4, 6, 8]), (.every(4), [0, 4, 8]), (.every(100), [0]), (.count(1), [5]), (.count(2), [2, 7]),
    (.count(3), [1, 5, 8]), (.count(9), [0, 1, 2, 3, 5, 6, 7, 8, 9]), (.count(50), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
  ]

  @Test(arguments: samplings)
  func `slices are counted by position, whatever the order and the instance numbers`(
    sampling: VolumeRules.Sampling, places: [Double]
  ) throws {
    // Ten slices 2.5 mm apart, numbered from the head down and given out of order.
    let order = [3, 9, 0, 6, 1, 8, 4, 2, 7, 5]
    let images = try order.map { try slice(10 - $0, z: Double($0) * 2.5 - 700) }
    let selection = StudySelection(of: images, by: rules { $0.sampling = sampling })
    let used = selection.used.map { Double(order[$0]) }.sorted()
    #expect(used == places)
    #expect(reasons(selection).compactMap(\.self).allSatisfy { $0 == .notSampled })
    #expect(selection.accepted.count == 10)
    let turned = StudySelection(of: images.reversed(), by: rules { $0.sampling = sampling })
    #expect(turned.used.map { Double(order.reversed()[$0]) }.sorted() == places)
  }

  @Test func `equidistant means in millimetres: a gap does not draw slices towards the dense part`() throws {
    // Nine slices within 8 mm, then three at 40, 80 and 120 mm.
    let places = (0...8).map(Double.init) + [40, 80, 120]
    let images = try places.enumerated().map { try slice($0.offset, z: $0.element) }
    let selection = StudySelection(of: images, by: rules { $0.sampling = .count(3) })
    #expect(selection.used.map { places[$0] }.sorted() == [8, 80, 120])
  }

  @Test func `an oblique stack is counted along its normal`() throws {
    let tilt = 0.35
    let orientation = [1, 0, 0, 0, cos(tilt), sin(tilt)]
    let normal = (y: -sin(tilt), z: cos(tilt))
    // Slices shifted within their planes, so that z alone would give another order.
    let images = try (0..<6).map { index -> DataSet in
      var image = try slice(index, z: 0, orientation: orientation)
      let along = Double(index) * 2
      let shift = Double(index % 2) * 50
      image.set(
        .imagePositionPatient, .ds, "0", "\(normal.y * along + cos(tilt) * shift)",
        "\(normal.z * along + sin(tilt) * shift)")
      return image
    }
    #expect(StudySelection(of: images, by: rules { $0.sampling = .every(3) }).used.sorted() == [0, 3])
  }

  @Test func `of slices at one place the first by instance number is used`() throws {
    let images = try [slice(3, z: 10), slice(1, z: 10.004), slice(2, z: 10), slice(4, z: 20), slice(5, z: nil)]
    let selection = StudySelection(of: images, by: rules { $0.sampling = .count(8) })
    #expect(reasons(selection) == [.duplicatePosition, nil, .duplicatePosition, nil, .positionUnknown])
  }

  @Test func `each series and each orientation is a stack of its own`() throws {
    var images = try (0..<4).map { try slice($0, z: Double($0)) }
    images += try (0..<4).map { try slice($0, z: Double($0), series: 2) }
    images += try (4..<6).map { try slice($0, z: Double($0), orientation: Self.sagittal) }
    // All sagittal slices lie at one place along x.
    let selection = StudySelection(of: images, by: rules { $0.sampling = .every(2) })
    #expect(selection.used.sorted() == [0, 2, 4, 6, 8])
    #expect(reasons(selection)[9] == .duplicatePosition)
  }

  @Test func `localizers are left out before slices are counted`() throws {
    var scout = try slice(0, z: 0)
    scout.set(.imageType, .cs, "ORIGINAL", "PRIMARY", "LOCALIZER")
    let images = try [scout] + (1...4).map { try slice($0, z: Double($0)) }
    let selection = StudySelection(of: images, by: rules { $0.sampling = .every(2) })
    #expect(reasons(selection) == [.localizer, nil, .notSampled, nil, .notSampled])
  }

  // MARK: Planes and distances

  @Test func `the orientation is the nearest anatomical plane`() throws {
    let oblique = [0.9, 0.1, -0.42, 0.1, 0.9, 0.42]
    let images = try [Self.axial, Self.coronal, Self.sagittal, oblique].enumerated().map {
      try slice($0.offset, z: 0, orientation: $0.element)
    }
    func used(_ orientations: [VolumeRules.Orientation]) -> [Int] {
      StudySelection(of: images, by: rules { $0.orientations = orientations }).used
    }
    #expect(used([.axial]) == [0, 3] && used([.coronal]) == [1] && used([.sagittal, .coronal]) == [1, 2])
  }

  static let meaninglessOrientations: [[Double]?] = [nil, [1, 0, 0], [1, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0]]

  @Test(arguments: meaninglessOrientations)
  func `an orientation that is absent or spans no plane is unknown`(orientation: [Double]?) throws {
    let image = try slice(1, z: 0, orientation: orientation)
    let selection = StudySelection(of: [image], by: rules { $0.orientations = [.axial] })
    #expect(reasons(selection) == [.orientationUnknown] && selection.accepted.isEmpty)
    #expect(selection.noAssist?.code == .noMatchingSeries)
  }

  @Test func `slice thickness and the spacing of positions are held within their ranges`() throws {
    let images = try [
      slice(1, z: 0, thickness: 5), slice(2, z: 5, thickness: 5), slice(1, z: 0, thickness: 0.6, series: 2),
      slice(2, z: 0.5, thickness: 0.6, series: 2),
      slice(3, z: 0, thickness: nil, series: 3),
    ]
    let thick = StudySelection(of: images, by: rules { $0.sliceThickness = 1...5 })
    #expect(reasons(thick) == [nil, nil, .sliceThicknessNotCovered, .sliceThicknessNotCovered, .sliceThicknessUnknown])
    let spaced = StudySelection(of: images, by: rules { $0.sliceSpacing = 1...5 })
    #expect(reasons(spaced) == [nil, nil, .sliceSpacingNotCovered, .sliceSpacingNotCovered, .sliceSpacingUnknown])
    var single = images[4]
    single.set(.spacingBetweenSlices, .ds, "-3")
    #expect(StudySelection(of: [single], by: rules { $0.sliceSpacing = 1...5 }).used == [0])
  }

  // MARK: Frames of enhanced objects

  /// An enhanced object with an axial frame at each place, in that order.
  private func enhanced(_ places: [Double], orientations: [[Double]]? = nil) throws -> DataSet {
    func group(_ sequence: DICOMCore.Tag, _ tag: DICOMCore.Tag, _ values: [Double]) -> (DICOMCore.Tag, DataSet) {
      var item = DataSet()
      item.set(tag, .ds, strings: values.map { "\($0)" })
      return (sequence, item)
    }
    func groups(_ parts: [(DICOMCore.Tag, DataSet)]) -> DataSet {
      parts.reduce(into: DataSet()) { $0.set($1.0, items: [$1.1]) }
    }
    var image = try slice(1, z: nil, orientation: nil, thickness: nil)
    image.set(.numberOfFrames, .is, "\(places.count)")
    image.set(
      .sharedFunctionalGroupsSequence,
      items: [
        groups([
          group(.pixelMeasuresSequence, .sliceThickness, [2]),
          group(.planeOrientationSequence, .imageOrientationPatient, Self.axial),
        ])
      ])
    image.set(
      .perFrameFunctionalGroupsSequence,
      items: places.indices.map { index in
        let position = group(.planePositionSequence, .imagePositionPatient, [0, 0, places[index]])
        let own = orientations.map { [group(.planeOrientationSequence, .imageOrientationPatient, $0[index])] } ?? []
        return groups([position] + own)
      })
    return image
  }

  @Test func `frames of an enhanced object are counted by position too`() throws {
    let image = try enhanced([30, 0, 20, 10, 10])
    let every = StudySelection(of: [image], by: rules { $0.sampling = .every(2) })
    #expect(every.frames == [[2, 3]] && every.used == [0])
    let count = StudySelection(of: [image], by: rules { $0.sampling = .count(2) })
    #expect(count.frames == [[1, 4]])
    #expect(StudySelection(of: [image], by: rules { $0.sliceThickness = 1...2 }).used == [0])
  }

  @Test func `frames in another plane are not used, and the maximum of frames holds for the others`() throws {
    let image = try enhanced(
      [0, 1, 2, 3], orientations: [Self.sagittal, Self.axial, Self.axial, Self.axial])
    var rules = rules { $0.orientations = [.axial] }
    rules.maximumFramesPerImage = 10
    #expect(StudySelection(of: [image], by: rules).frames == [[2, 3, 4]])
    rules.maximumFramesPerImage = 1
    #expect(StudySelection(of: [image], by: rules).frames == [[3]])
  }

  @Test func `frames without a place of their own cannot be sampled`() throws {
    var cine = try slice(1, z: 0)
    cine.set(.numberOfFrames, .is, "5")
    #expect(reasons(StudySelection(of: [cine], by: rules { $0.sampling = .every(2) })) == [.positionUnknown])
  }

  @Test func `nothing that a file holds can trap`() throws {
    for values in [["nan", "0", "0"], ["1e308", "1e308", "1e308"], ["x"], []] {
      var image = try slice(1, z: nil)
      image.set(.imagePositionPatient, .ds, strings: values)
      _ = StudySelection(
        of: [image, try slice(2, z: 0)],
        by: rules {
          $0.sampling = .count(1); $0.sliceSpacing = 0...9
        })
      image.set(.imageOrientationPatient, .ds, strings: values + values)
      _ = StudySelection(of: [image, try slice(2, z: 0)], by: rules { $0.sampling = .every(2) })
    }
  }
}
