package import DICOMCore

/// Images grouped by study and series, every instance once.
package struct StudyCollection: Sendable, Equatable {
  /// The images of one study.
  package struct Study: Sendable, Equatable {
    package let studyInstanceUID: UID
    /// Sorted by UID.
    package let series: [Series]

    /// All instances, series by series.
    package var instances: [ImageCandidate] { series.flatMap(\.instances) }
  }

  /// The images of one series.
  package struct Series: Sendable, Equatable {
    package let seriesInstanceUID: UID
    /// Sorted by Instance Number, those without one last, then by SOP Instance UID.
    package let instances: [ImageCandidate]
  }

  /// Sorted by UID.
  package let studies: [Study]
  /// Files whose SOP Instance UID is taken, sorted by source.
  package let refusals: [InputRefusal]

  /// Groups images. The result does not depend on the order of `candidates`.
  ///
  /// Of several files with one SOP Instance UID the first by source is used, a whole one before one that is cut. A file with the same content is skipped as
  /// a duplicate; one with other content under the same UID breaks PS3.5 9 and is quarantined as conflicting.
  ///
  /// - Parameter decoder: What reads files of one UID, to compare them.
  package init(grouping candidates: [ImageCandidate], decoder: FileDecoder) {
    var kept: [UID: ImageCandidate] = [:]
    var refusals: [InputRefusal] = []
    for candidate in candidates.sorted(by: Self.isPreferred) {
      let uid = candidate.identity.sopInstanceUID
      guard let first = kept[uid] else {
        kept[uid] = candidate
        continue
      }
      let isDuplicate = ContentComparison.isSame(first.file.path, candidate.file.path, decoder)
      refusals.append(
        InputRefusal(
          source: candidate.file.source, reason: isDuplicate ? .duplicateInstance : .conflictingInstance,
          detail: "SOP Instance UID \(uid) "
            + (isDuplicate
              ? "with the same content is in \(first.file.source)"
              : "with other content is in \(first.file.source)")))
    }
    self.refusals = refusals.sorted { precedes($0.source, $1.source) }
    let byStudy = Dictionary(grouping: kept.values, by: \.identity.studyInstanceUID)
    studies = byStudy.keys.sorted().map { study in
      let bySeries = Dictionary(grouping: byStudy[study] ?? [], by: \.identity.seriesInstanceUID)
      return Study(
        studyInstanceUID: study,
        series: bySeries.keys.sorted().map { series in
          Series(seriesInstanceUID: series, instances: (bySeries[series] ?? []).sorted(by: Self.comesFirst))
        })
    }
  }

  private static func isPreferred(_ lhs: ImageCandidate, _ rhs: ImageCandidate) -> Bool {
    lhs.isCut == rhs.isCut ? precedes(lhs.file.source, rhs.file.source) : rhs.isCut
  }

  private static func comesFirst(_ lhs: ImageCandidate, _ rhs: ImageCandidate) -> Bool {
    (lhs.instanceNumber ?? .max, lhs.identity.sopInstanceUID) < (
      rhs.instanceNumber ?? .max, rhs.identity.sopInstanceUID
    )
  }
}

/// Whether two files hold the same object.
enum ContentComparison {
  /// Equal bytes, or equal attributes and stored values: a second copy may differ in meta information and encoding.
  static func isSame(_ first: String, _ second: String, _ decoder: FileDecoder) -> Bool {
    do throws(DICOMFileError) {
      if try FileBytes.areEqual(first, second) { return true }
      // One after the other: two large objects at once may be more than there is memory for.
      let header = try decoder.open(second).header
      guard let expected = try frames(of: first, header: header, decoder) else { return false }
      let found = try frames(of: second, header: header, decoder)
      return found == expected
    } catch {
      // What cannot be compared is not known to be the same.
      return false
    }
  }

  private struct Frame: Equatable {
    let format: ImageFormat
    let digest: ContentDigest
  }

  /// - Returns: `nil` when the data set is another than that of `header`.
  private static func frames(
    of path: String, header: DICOMHeader, _ decoder: FileDecoder
  ) throws(DICOMFileError) -> [Frame]? {
    var image = try decoder.open(path)
    guard header.dataSet == image.header.dataSet else { return nil }
    var frames: [Frame] = []
    for index in 0..<image.frameCount {
      let frame = try image.frame(index)
      frames.append(Frame(format: frame.format, digest: frame.pixelDigest))
    }
    return frames
  }
}
