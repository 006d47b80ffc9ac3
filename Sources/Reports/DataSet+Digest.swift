internal import DICOMCore

extension DataSet {
  /// A digest of every element, sequences included, whatever order they were set in.
  var contentDigest: ContentDigest { ContentDigest(ofText: canonicalText) }

  /// Lengths stand before texts, so that no value can pass for two.
  private var canonicalText: String {
    tags.compactMap { tag in self[tag].map { "\(tag)\($0.vr.rawValue)\(Self.text(of: $0.value))" } }.joined()
  }

  private static func text(of value: Value) -> String {
    switch value {
    case .strings(let texts): "s" + texts.map { "\($0.utf8.count):\($0)" }.joined()
    case .integers(let numbers): "i\(numbers)"
    case .floats(let numbers): "f\(numbers.map(\.bitPattern))"
    case .tags(let tags): "t\(tags)"
    case .bytes(let bytes): "b\(ContentDigest(of: bytes))"
    case .items(let items): "{" + items.map { "\($0.contentDigest)" }.joined() + "}"
    }
  }
}
