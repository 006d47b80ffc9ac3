/// A data set as a pure value: data elements by tag, sequences nested, text in Unicode (PS3.5 7).
///
/// Pixel Data (7FE0,0010) and its float forms are not held here; they travel as ``StoredFrame``.
package struct DataSet: Sendable, Equatable {
  /// One data element.
  package struct Element: Sendable, Equatable {
    package var vr: VR
    package var value: Value

    package init(_ vr: VR, _ value: Value) {
      self.vr = vr
      self.value = value
    }
  }

  /// The value of a data element in the form its VR suggests.
  package enum Value: Sendable, Equatable {
    /// Text values, numbers in text (DS, IS) and UIDs, padding trimmed; empty for a zero-length element.
    case strings([String])
    /// SS, US, SL, UL, SV, UV (as far as it fits).
    case integers([Int])
    /// FL, FD, OF, OD.
    case floats([Double])
    case tags([Tag])
    /// OB, OW, OL, OV, UN; words are in little endian order.
    case bytes([UInt8])
    case items([DataSet])
  }

  private var elements: [Tag: Element] = [:]

  package init() {}

  package subscript(_ tag: Tag) -> Element? {
    get { elements[tag] }
    set { elements[tag] = newValue }
  }

  /// The tags in ascending order, as they are encoded (PS3.5 7.1).
  package var tags: [Tag] { elements.keys.sorted() }

  package var isEmpty: Bool { elements.isEmpty }
  package var count: Int { elements.count }

  package func contains(_ tag: Tag) -> Bool { elements[tag] != nil }
}
