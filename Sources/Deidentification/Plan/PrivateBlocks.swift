internal import DICOMCore

/// Which creator has reserved which block of private elements in one data set (PS3.5 7.8.1).
struct PrivateBlocks {
  private var creators: [Tag: String] = [:]
  /// Creators with an attribute in their block that is safe.
  private(set) var needed: Set<Tag> = []

  init(_ dataSet: RawDataSet) {
    for element in dataSet.elements where Self.isCreator(element.tag) {
      creators[element.tag] = element.texts.first ?? ""
    }
    guard !creators.isEmpty else { return }
    for element in dataSet.elements where element.tag.isPrivate && safeVR(element.tag) != nil {
      needed.insert(Tag(element.tag.group, element.tag.element >> 8))
    }
  }

  static func isCreator(_ tag: Tag) -> Bool { tag.isPrivate && (0x0010...0x00FF).contains(tag.element) }

  /// The creator of a private element; `nil` when nobody has reserved its block.
  func creator(of tag: Tag) -> String? { creators[Tag(tag.group, tag.element >> 8)] }

  /// The VR of an attribute that the list of safe ones has.
  func safeVR(_ tag: Tag) -> VR? {
    guard tag.element >= 0x1000, let creator = creator(of: tag) else { return nil }
    return SafePrivate.vr(creator: creator, tag)
  }
}
