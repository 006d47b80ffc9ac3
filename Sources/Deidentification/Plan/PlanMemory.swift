internal import DICOMCore
internal import Synchronization

/// What was decided about the elements of a study, for objects that hold the same again: nearly all that the slices of a series
/// say they say alike.
///
/// A decision about an element at the top level depends on the element, on what ``Circumstances`` says, and on what is one for a
/// study: policy, identities and harvest.
package final class PlanMemory: Sendable {
  /// What else than the element itself a decision at the top level follows from.
  struct Circumstances: Hashable {
    let iod: IOD
    let patient: PatientIdentity
    let issuer: String
    let hasLocalCode: Bool
  }

  /// The entries for an element and those below it.
  struct Decision {
    let element: RawElement
    /// The tags from below the element down, rule and edit.
    let entries: [(path: [Tag], rule: Ledger.Rule, edit: Ledger.Edit)]
    let doubts: Set<Doubt>
  }

  /// Studies of more kinds of objects than this are odd, and are planned anew.
  private static let mostCircumstances = 16
  /// Elements that take more memory are not kept, in bytes.
  static let largestElement = 1 << 14

  private let known = Mutex<[Circumstances: [Tag: Decision]]>([:])

  package init() {}

  /// The last decision about each tag.
  func decisions(under circumstances: Circumstances) -> [Tag: Decision] {
    known.withLock { $0[circumstances] ?? [:] }
  }

  func remember(_ decisions: [Tag: Decision], under circumstances: Circumstances) {
    guard !decisions.isEmpty else { return }
    known.withLock { known in
      if known.count >= Self.mostCircumstances, known[circumstances] == nil { known = [:] }
      known[circumstances, default: [:]].merge(decisions) { $1 }
    }
  }
}

extension RawElement {
  /// About how much memory it takes, in bytes.
  var weight: Int {
    let own =
      switch value {
      case .bytes(let bytes): bytes.count
      case .stored: 0
      case .items(let items): items.reduce(0) { $0 + $1.elements.reduce(0) { $0 + $1.weight } }
      case .fragments(let fragments): 64 * fragments.count
      }
    return 64 + own + (source?.count ?? 0)
  }
}
