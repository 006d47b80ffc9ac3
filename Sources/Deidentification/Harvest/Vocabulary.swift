/// Words of radiology and of DICOM that say nothing about who a patient is.
///
/// They are what Clean Descriptors leaves of a description, and they are never taken for part of a name: a patient called
/// Chest must not cost every image its body part. Written for Bucky.
package enum Vocabulary {
  /// Lower case, without accents.
  package static func contains(_ word: some StringProtocol) -> Bool { words.contains(String(word)) }

  private static let words = Set(text.tableWords.map(String.init))

  private static let text = """
    abd abdomen abdominal ac acetabulum acq acquired acquisition adc additional adrenal adult ai aligned all amplitude anat
    anatomic anatomical and angio angiogram angiography angle ankle ant anterior aorta aortic ap apex apical appendix app arch
    arm arterial artery art arthro aspect asl assisted atlas atten attenuation att auto average avg avi axial axis b back
    background base baseline basal basic bilateral biopsy biplane black bladder blade blood body bold bolus bone bowel brain
    brainstem breast breath breathhold breathing bronchus burn c ca calc calcium calcaneus calibration cardiac cardiomegaly care
    carotid carpal cath cc ccta cda cecum cerebellum cerebral cervical cest chamber channel chest chestpain child cine circle
    cisternography clavicle clinical clip cm cmro co coccyx coil collimation colon color colour complete component composed
    compressed compression cone conf consolidation contrast conv convex cor corona coronal coronary correct corrected correction
    cortex cortical cr cranial craniocaudal cranium cross csf ct cta cube cut cv cvi d da data date db dce decubitus deep default
    delay delayed demo density derived des detail detector deviation device dexa dfov diagnostic diameter diaphragm diast
    diastole diastolic diff diffusion digital dir direct disc dist distal display distance dixon dl dlp dm doppler dorsal dose
    double drawn dsa dti dual duct dummy duodenum duration dwi dx dynamic dyn e early ecg echo ecochg ed edge edema effusion
    ekg elbow eighth elastography empty end enhanced enhancement ent epi equipment eq es esophagus est ethmoid even exam
    examination excretory exp expiration expiratory exposure ext extended extension extremity eye eyes f face facial false fast
    fat fatsat fd fdg fe feet femoral femur fetal fetus fiber fibula field fiesta fifth film filter filtered final finding
    findings finger first fistula flair flash flex flexion flip flow fluid fluoro fluoroscopy fmri foot for forearm forehead
    foreign four fourth fov fr fracture frame frames free freq frequency from front frontal fs fse full function functional fundus
    fused fusion fx g ga gad gadolinium gain gallbladder gamma gap gastric gate gated gating gb general glass global gr gradient
    graft grase gray gre grey grid ground group gs h half hand hands hard harmonic hasse haste hd head hear heart heel hematoma
    hemi hepatic hepatobiliary hi high hilar hilum hip hippocampus hips hires hook horizontal hospital hr hrct hu humerus hyper
    hypo hz i iac id ideal idx ileum iliac image images imaging in inc incl index indication inf inferior inflow infusion
    inguinal inhale inj injection inner input insp inspiration inspiratory intensity inter internal intra intracranial inv
    inversion inverted ir is iso isotropic iv ivc ivim ivp jejunum joint k kernel kidney kidneys knee knees kub kv kvp l label
    lac large laryngeal larynx lat late lateral le left leg legs length lesion lesions level lge ligament limb line linear lines
    liver ll lm lmlo lo lobe loc local localizer localiser location loop lordotic low lower lr ls lspine lt lumbar lumbosacral lung
    lungs lut lv lvot lymph lymphatic m magnitude main male female mammary mammo mammogram mammography mandible manual map marker
    mask mass mastoid max maxilla maxillary maximum mb mc mcp mean measure measurement med medial mediastinal mediastinum medium mesh
    metacarpal metatarsal mg micro mid middle mild min minimum minip mip mitral ml mlo mm mo mode model moderate modulated mon mono
    monochrome morphology motion moving mov mp mpr mprage mr mra mrcp mri mrs mrv ms multi multiecho multiphase multiplanar muscle
    musculoskeletal myelogram myelography myo myocardial myocardium n nasal nasopharynx native navigator neck nerve neuro neutral
    new nm no nodule nodules noise non none noncontrast norm normal normalized nose nuchal nuclear number o ob object oblique obl
    obs occipital of off on one op opacity open optic oral orbit orbita orbital orbits orig original orthopantomogram os other out
    outflow output ovary over overview p pa pacemaker pancreas pancreatic panoramic para parallel parametric parathyroid parenchyma
    parietal part parotid partial patella patellar patient pc pcasl pd pdw pe ped pediatric pelvic pelvis penis percent perf
    perfusion peri peripheral peritoneum pet pf phantom pharynx phase phases pi picture pilot pituitary pixel pixels plain plan
    planar plane plantar plate pleura pleural plus pneumonia pneumothorax pns point polyp popliteal port portable portal portrait
    pos position post posterior power pp pr pre prep prefrontal presentation pressure primary probe proc procedure processed
    processing profile projection prone prop prostate prot protocol proton proximal ps psif psir pt pubis pulm pulmonary pulse pv
    pwi q qa qc qualifier quality quant quantitative quick r ra rad radial radiograph radiography radiology radius range ratio raw
    ray re read real rec recon reconstructed reconstruction rect rectal rectum red ref reference referenced reformat reformatted
    region registered registration rel relative renal repeat report repeated rescan research residual resolution resp respiratory
    rest result results ret retro reverse rf rib ribs right ring rl roi roll rot rotated rotation round routine row rs rt rv s sacral
    sacroiliac sacrum safe sag sagittal sample sat saturated saturation sax sc scalp scan scanner scanning scaphoid scapula scatter
    score scout screen screening se sec second secondary section seg segment segmentation segmented selected sella sequence series
    serie set seventh severe shaft shallow shape sharp shin short shot should shoulder shoulders shunt shuttle si side signal
    simple simulation single sinus sinuses site sitting six sixth size skeletal skin skull slab slice slices slow sm small smart
    smooth sms snapshot soft source space spacing spatial spc spect spectral speed spgr sphenoid spin spinal spine spir spiral
    spleen splenic split spoiled spot ss ssfp stack stage stand standard standing static stats status std stem stent step stereo
    sternum stir stitched stomach stone straight strain stress strip structural structure study sub subclavian subject sublingual
    submandibular sum summary sup superficial superior supine supp support suppressed suppression supra surface survey suv swi syn
    sync syst systole systolic t table talus tamponade tandem target task tb te temp temporal ten tendon tension test testis tests
    tf tfe tfl the thalamus thick thickness thigh thin third thoracic thoracolumbar thorax three thrive throat thrombus through
    thumb thymus thyroid ti tibia tight tilt time tissue to toe toes tof tomo tomography tomosynthesis tongue tonsil topogram torso
    total tr trace trachea tracheal track tracker tracking trans transabdominal transaxial transducer transplant transverse trauma
    triage tricuspid trigger triggered triple true tse tube tumor tumour turbo two type u ua ub ultra ultrasound unenhanced unilateral
    unit units unknown unspecified up upper upright ureter urethra urinary urogram us use uterine uterus v va vagina valve value var
    variable vascular vc vein veins vel velocity venc venography venous vent ventilation ventral ventricle ventricular vert vertebra
    vertebrae vertical very vessel vessels via vibe view views vis visit visual vitreous vmi voi vol volume volumetric vr vrt vs w
    wall wash washin washout water wave waveform weight weighted white whole wide width window wip with without wo work wrist x xa xr
    xray y year years yes z zero zone zoom zygoma zygomatic
    african altered american asian caucasian definitely ethnic ethnicity european hispanic indian intersex islander latino
    middle eastern mixed multiracial nonsmoker pacific possibly pregnant race smoker unaltered undetermined asked declined
    directional bmatrix bvalue isotropic anisotropic
    jan feb mar apr may jun jul aug sep oct nov dec anonymous anonymized anonymised deidentified removed mister doctor
    """
}
