package import DICOMCore

/// What a study group wants of its exports: the Basic Profile, options, and what the profile leaves open.
package struct DeidentificationPolicy: Sendable, Equatable {
  /// What becomes of text in attributes that Table E.1-1 does not list.
  package enum UnlistedText: String, Sendable, CaseIterable {
    /// Kept but for what was harvested from the study, dates, telephone numbers, addresses and names after titles.
    case scrub
    /// Only words of the clinical vocabulary are kept.
    case vocabulary
    case remove
  }

  /// What becomes of documents that are carried whole: PDF, CDA, STL and the like.
  package enum EncapsulatedDocuments: String, Sendable, CaseIterable {
    case quarantine
    /// The object is kept, its document is replaced by nothing that can be read.
    case empty
  }

  /// An attribute whose action a site has decided on, with its reason.
  package struct Override: Sendable, Equatable {
    package enum Action: String, Sendable, CaseIterable {
      case keep, remove, empty, dummy, clean
    }

    package let tag: Tag
    package let action: Action
    package let reason: String

    package init(tag: Tag, action: Action, reason: String) {
      (self.tag, self.action, self.reason) = (tag, action, reason)
    }
  }

  package var id = "basic"
  package var version = "1"
  package var title = ""
  /// Of the file that it was read from.
  package var digest = ContentDigest(ofText: "basic")
  package var options: Set<ProfileOption> = []
  package var unlistedText = UnlistedText.scrub
  package var encapsulatedDocuments = EncapsulatedDocuments.quarantine
  /// Dates move back by 1 to this many days.
  package var maximumShiftDays = 3652
  /// Dates move by whole weeks.
  package var keepsWeekday = false
  /// Ages from this on, in years, become this.
  package var ageCap = 90
  /// What pseudonyms begin with.
  package var pseudonymPrefix = "P"
  package var overrides: [Tag: Override] = [:]
  /// SOP Classes that are withheld whatever they hold.
  package var withheldClasses: Set<UID> = []

  package init() {}
}
