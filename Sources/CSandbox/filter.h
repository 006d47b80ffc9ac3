// The list of system calls a locked-in process may make.

#ifndef CSANDBOX_FILTER_H
#define CSANDBOX_FILTER_H

/// Installs the filter for all threads of this process. 0 or an errno.
int csandbox_install_filter(void);

#endif
