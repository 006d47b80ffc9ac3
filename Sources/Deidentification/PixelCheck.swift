package import DICOMCore

/// Decides about text in the pixels of an object (PS3.15 E.3.1, Clean Pixel Data Option).
///
/// What decides sees the source's own attributes, which may hold identity, and must let nothing of them out but the verdict.
package protocol PixelCheck: Sendable {
  /// - Parameters:
  ///   - subject: What the source says of itself.
  ///   - frame: Decodes a frame, from 0; `nil` when that fails. The frames can be had in any order, and again.
  func verdict(on subject: PixelSubject, frame: (Int) -> StoredFrame?) -> PixelVerdict
}

/// An object with pixel data, before anything is taken from it.
package struct PixelSubject: Sendable {
  /// The attributes of the source, text in Unicode; without its pixel data.
  package let attributes: DataSet
  package let transferSyntax: UID
  package let frameCount: Int

  package init(attributes: DataSet, transferSyntax: UID, frameCount: Int) {
    self.attributes = attributes
    self.transferSyntax = transferSyntax
    self.frameCount = frameCount
  }
}

/// A rectangle of pixels; columns count from the left, rows from the top, both from 0.
package struct PixelRegion: Sendable, Hashable {
  package let column: Int
  package let row: Int
  package let width: Int
  package let height: Int

  package init(column: Int, row: Int, width: Int, height: Int) {
    self.column = column
    self.row = row
    self.width = width
    self.height = height
  }
}

/// What the pixel check says of one object.
package enum PixelVerdict: Sendable, Equatable {
  /// Every frame was judged and shows no text: the pixels pass through as they are.
  case untouched
  /// Text was found, or is known to stand there: regions to blank by frame, from 0. Frames left out stay as they are.
  case blank([Int: [PixelRegion]])
  /// It cannot be told; the object is withheld. The reason is a code such as `pixels-no-rule`, without any value.
  case undecidable(String)
}
