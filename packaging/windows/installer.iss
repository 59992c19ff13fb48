; Inno Setup 6: a setup program for one user, which needs no administrator.
;   iscc /DVersion=0.1.0 /DFolder=dist\fashion-finder /O dist packaging\windows\installer.iss
; The user's data stays when the program is removed: it is theirs.

#define Program "fashion-finder.exe"
#define Id "FashionFinder.Picture"

[Setup]
AppId={{6E0A4D5B-7C1F-4E6B-9C57-0F2A6C1D9B34}
AppName=Fashion Finder
AppVersion={#Version}
AppPublisher=Fashion Finder contributors
DefaultDirName={localappdata}\Programs\Fashion Finder
DefaultGroupName=Fashion Finder
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
ChangesAssociations=yes
CloseApplications=yes
LicenseFile={#Folder}\NOTICES.txt
OutputBaseFilename=fashion-finder-{#Version}-setup
SetupIconFile={#Folder}\_internal\fashion_finder\fashion-finder.ico
UninstallDisplayIcon={app}\{#Program}
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"
Name: "ja"; MessagesFile: "compiler:Languages\Japanese.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; libraries of an earlier version must not be found by this one
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{autoprograms}\Fashion Finder"; Filename: "{app}\{#Program}"
Name: "{autodesktop}\Fashion Finder"; Filename: "{app}\{#Program}"; Tasks: desktopicon

[Registry]
; offered under "Open with", never made the default
Root: HKCU; Subkey: "Software\Classes\{#Id}"; ValueType: string; ValueData: "Picture"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\{#Id}\shell\open"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Fashion Finder"
Root: HKCU; Subkey: "Software\Classes\{#Id}\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""
Root: HKCU; Subkey: "Software\Classes\.jpg\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.jpeg\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.png\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.webp\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.avif\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.heic\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.gif\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.bmp\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.tif\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Software\Classes\.tiff\OpenWithProgids"; ValueType: string; ValueName: "{#Id}"; Flags: uninsdeletevalue

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,Fashion Finder}"; Flags: nowait postinstall skipifsilent
