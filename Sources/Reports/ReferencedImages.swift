internal import DICOMCore

/// The images an SR refers to, each once, in the order of the report's inputs.
struct ReferencedImages {
  struct Image {
    let sopInstanceUID: UID
    let sopClassUID: UID
    let seriesInstanceUID: UID
    let modality: String?
    let size: StructuredReport.ImageSize?
    /// Frames that were considered, ascending; empty for the whole image.
    let frames: [Int]
  }

  let images: [Image]
  private let indices: [UID: Int]

  init(_ inputs: [TriageReport.Input], sizes: [UID: StructuredReport.ImageSize]) {
    var order: [UID] = []
    var grouped: [UID: [TriageReport.Input]] = [:]
    for input in inputs where input.used || sizes[input.sopInstanceUID] != nil {
      if grouped[input.sopInstanceUID] == nil { order.append(input.sopInstanceUID) }
      grouped[input.sopInstanceUID, default: []].append(input)
    }
    images = order.compactMap { uid in
      guard let entries = grouped[uid], let first = entries.first else { return nil }
      return Image(
        sopInstanceUID: uid, sopClassUID: first.sopClassUID, seriesInstanceUID: first.seriesInstanceUID,
        modality: first.modality, size: sizes[uid],
        frames: Self.frameList(entries.map(\.frame), of: sizes[uid]?.frames))
    }
    indices = Dictionary(zip(order, order.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Referenced Frame Number (0008,1160) is left out where the reference is to all frames (PS3.3 10.3).
  private static func frameList(_ frames: [Int?], of count: Int?) -> [Int] {
    let numbers = Set(frames.compactMap(\.self))
    guard numbers.count == Set(frames).count, numbers.count != count else { return [] }
    return numbers.sorted()
  }

  /// The images of a finding's evidence as content values, in the order of the library.
  func references(to evidence: [TriageReport.Evidence]) -> [ContentItem.Value] {
    let frames = Dictionary(grouping: evidence, by: \.sopInstanceUID)
    return frames.keys.compactMap { indices[$0] }.sorted().map { index in
      let image = images[index]
      let numbers = Self.frameList(frames[image.sopInstanceUID, default: []].map(\.frame), of: image.size?.frames)
      return .image(sopClass: image.sopClassUID, sopInstance: image.sopInstanceUID, frames: numbers)
    }
  }

  /// The items of Current Requested Procedure Evidence Sequence (0040,A375): study, series, instances, all sorted.
  func evidence(study: UID) -> [DataSet] {
    guard !images.isEmpty else { return [] }
    let bySeries = Dictionary(grouping: images, by: \.seriesInstanceUID)
    let series = bySeries.sorted { $0.key < $1.key }.map { series, members in
      var item = DataSet()
      item.set(.seriesInstanceUID, series)
      item.set(.referencedSOPSequence, items: members.sorted { $0.sopInstanceUID < $1.sopInstanceUID }.map(Self.item))
      return item
    }
    var item = DataSet()
    item.set(.studyInstanceUID, study)
    item.set(.referencedSeriesSequence, items: series)
    return [item]
  }

  private static func item(_ image: Image) -> DataSet {
    var item = DataSet()
    item.set(.referencedSOPClassUID, image.sopClassUID)
    item.set(.referencedSOPInstanceUID, image.sopInstanceUID)
    return item
  }
}
