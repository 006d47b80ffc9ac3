import PhantomStudies
import Testing

struct GroundTruthTests {
  @Test("A row says what, where and how large")
  func row() {
    var parameters = ChestParameters()
    parameters.seed = 5
    parameters.pneumothorax = Pneumothorax(side: .left, apicalGap: 33.26, lateralGap: 20)
    parameters.nodules = [LungNodule(side: .right, zone: .upper, x: -60, y: -80, radius: 10.02)]
    parameters.effusions = [PleuralEffusion(side: .right, height: 40), PleuralEffusion(side: .left, height: 71.55)]
    parameters.devices = [.picc, .endotrachealTube]
    let row = Dictionary(uniqueKeysWithValues: zip(GroundTruth.columns, GroundTruth(parameters).fields))
    #expect(row["pneumothorax"] == "1")
    #expect(row["pleural_effusion"] == "1")
    #expect(row["cardiomegaly"] == "0")
    #expect(row["consolidation"] == "0")
    #expect(row["pneumothorax_side"] == "left")
    #expect(row["pneumothorax_apical_gap_mm"] == "33.3")
    #expect(row["effusion_side"] == "both")
    #expect(row["nodule_diameter_mm"] == "20.0")
    #expect(row["cardiothoracic_ratio"] == "0.450")
    #expect(row["devices"] == "ET tube;PICC line")
    #expect(row["consolidation_radius_mm"] == "")
    #expect(row["seed"] == "5")
  }

  @Test("Every row has the fields that its table has columns")
  func widths() {
    #expect(GroundTruth(ChestParameters()).fields.count == GroundTruth.columns.count)
    #expect(StoredForm().fields.count == StoredForm.columns.count)
    for study in SampleStudies.all { #expect(study.row.count == SampleStudy.columns.count) }
  }
}
