// Keeps a program in the emulator when it starts itself again, and its children with it.
//
// qemu hands execve to the real system, which runs the file on the real processor: PyInstaller's
// starter does that in its first instant, and multiprocessing for every decoder. Loaded before the
// program (LD_PRELOAD), these functions put the emulator in front of whatever is started.
// EMULATOR is its path, EMULATED_CPU its processor.

#include <cstdlib>
#include <dlfcn.h>
#include <initializer_list>
#include <unistd.h>

static int start(const char *path, char *const argv[], char *const env[]) {
    using Execve = int (*)(const char *, char *const[], char *const[]);
    auto really = reinterpret_cast<Execve>(dlsym(RTLD_NEXT, "execve"));
    const char *emulator = getenv("EMULATOR");
    const char *cpu = getenv("EMULATED_CPU");
    if (!emulator || !cpu) _exit(125); // never on the real processor
    int count = 0;
    while (argv[count]) count++;
    const char *words[count + 6];
    int end = 0;
    for (const char *word : {emulator, "-cpu", cpu, "-0", static_cast<const char *>(argv[0]), path})
        words[end++] = word;
    for (int i = 1; i <= count; i++) words[end++] = argv[i]; // with the null at its end
    return really(emulator, const_cast<char *const *>(words), env);
}

extern "C" {
int execve(const char *path, char *const argv[], char *const env[]) noexcept { return start(path, argv, env); }
int execv(const char *path, char *const argv[]) noexcept { return start(path, argv, environ); }
int execvp(const char *path, char *const argv[]) noexcept { return start(path, argv, environ); }
int execvpe(const char *path, char *const argv[], char *const env[]) noexcept { return start(path, argv, env); }
}
