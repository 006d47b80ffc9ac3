/// The identity of one SOP instance and of the series and study it belongs to.
package struct InstanceIdentity: Sendable, Hashable {
  package let studyInstanceUID: UID
  package let seriesInstanceUID: UID
  package let sopInstanceUID: UID
  package let sopClassUID: UID

  package init(studyInstanceUID: UID, seriesInstanceUID: UID, sopInstanceUID: UID, sopClassUID: UID) {
    self.studyInstanceUID = studyInstanceUID
    self.seriesInstanceUID = seriesInstanceUID
    self.sopInstanceUID = sopInstanceUID
    self.sopClassUID = sopClassUID
  }

  /// Reads the four identifiers of a composite instance.
  ///
  /// - Throws: The first of the four attributes that is absent or malformed.
  package init(of dataSet: DataSet) throws(MissingAttribute) {
    func uid(_ tag: Tag) throws(MissingAttribute) -> UID {
      guard let uid = dataSet.uid(tag) else { throw MissingAttribute(tag: tag) }
      return uid
    }
    self.init(
      studyInstanceUID: try uid(.studyInstanceUID), seriesInstanceUID: try uid(.seriesInstanceUID),
      sopInstanceUID: try uid(.sopInstanceUID), sopClassUID: try uid(.sopClassUID))
  }
}

/// An attribute that an object must have and that is absent or malformed.
package struct MissingAttribute: Error, Equatable {
  package let tag: Tag

  package init(tag: Tag) {
    self.tag = tag
  }
}
