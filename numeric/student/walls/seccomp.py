"""Linux seccomp: the system calls that a calculation never needs are refused (EPERM), for good.

No new process or thread, no other program, no socket, no signal to others, no attribute of a file changed, no limit
raised. All other calls stay as they are: Landlock and the resource limits see to those.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

CALLS: dict[str, tuple[int, int]] = {
    # name: x86_64, aarch64 (-1: does not exist there)
    "fork": (57, -1), "vfork": (58, -1), "clone": (56, 220), "clone3": (435, 435),
    "execve": (59, 221), "execveat": (322, 281),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242),
    "bind": (49, 200), "listen": (50, 201), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "recvfrom": (45, 207), "recvmsg": (47, 212), "recvmmsg": (299, 243),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setsid": (112, 157), "setpgid": (109, 154), "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145),
    "setregid": (114, 143), "setresuid": (117, 147), "setresgid": (119, 149), "setgroups": (116, 159),
    "setfsuid": (122, 151), "setfsgid": (123, 152), "capset": (126, 91), "prctl": (157, 167), "seccomp": (317, 277),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "fsopen": (430, 430), "fsmount": (432, 432), "fspick": (433, 433), "move_mount": (429, 429),
    "open_tree": (428, 428), "mount_setattr": (442, 442), "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "io_setup": (206, 0), "io_submit": (209, 2),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116), "vhangup": (153, 58),
    "sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "clock_adjtime": (305, 266), "adjtimex": (159, 171), "personality": (135, 92), "modify_ldt": (154, -1),
    "iopl": (172, -1), "ioperm": (173, -1), "setrlimit": (160, 164), "setpriority": (141, 140),
    "ioprio_set": (251, 30), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "sched_setaffinity": (203, 122), "mbind": (237, 235), "migrate_pages": (256, 238),
    "move_pages": (279, 239), "set_mempolicy": (238, 237), "mlock": (149, 228), "mlockall": (151, 230),
    "mlock2": (325, 284), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "semget": (64, 190),
    "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192), "msgsnd": (69, 189), "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "timer_create": (222, 107),
    "inotify_init": (253, -1), "inotify_init1": (294, 26), "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
    "truncate": (76, 45), "fallocate": (285, 47), "mkdir": (83, -1), "mkdirat": (258, 34), "rmdir": (84, -1),
    "mknod": (133, -1), "mknodat": (259, 33), "symlink": (88, -1), "symlinkat": (266, 36), "link": (86, -1),
    "linkat": (265, 37), "unlink": (87, -1), "unlinkat": (263, 35), "rename": (82, -1), "renameat": (264, 38),
    "renameat2": (316, 276), "chmod": (90, -1), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, -1), "fchown": (93, 55), "lchown": (94, -1), "fchownat": (260, 54), "utime": (132, -1),
    "utimes": (235, -1), "futimesat": (261, -1), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "setxattrat": (463, 463), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "removexattrat": (466, 466), "file_setattr": (469, 469), "flock": (73, 32),
}  # fmt: skip
SELF_ONLY = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}
"""Signals: allowed to the process itself only (abort raises one)."""
NEW_LIMIT = {"prlimit64": (302, 261)}
"""Limits may be read, not set."""
ASKING = {"fcntl": (72, 25)}
"""fcntl, but for the requests that send signals (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_NOTIFY) or enlarge a pipe."""
FCNTL_REFUSED = (8, 10, 15, 1026, 1031)

MACHINES = {"x86_64": (0, 0xC000003E), "AMD64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7), "arm64": (1, 0xC00000B7)}
LOAD, EQUAL, AT_LEAST, GIVE = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
NUMBER, MACHINE = 0, 4
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER_MODE = 38, 22, 2


def _argument(place: int, high: bool = False) -> int:
    return 16 + 8 * place + (4 if high else 0)


def program(column: int, machine: int, pid: int) -> bytes:
    """The filter, as BPF instructions for one kind of machine."""
    made: list[tuple[int, int, int, int]] = []
    put = made.append
    put((LOAD, 0, 0, MACHINE))
    put((EQUAL, 1, 0, machine))
    put((GIVE, 0, 0, KILL))
    put((LOAD, 0, 0, NUMBER))
    if column == 0:
        # The x32 numbers reach the same calls by another name.
        put((AT_LEAST, 0, 1, 0x40000000))
        put((GIVE, 0, 0, KILL))
    for numbers in CALLS.values():
        if numbers[column] >= 0:
            put((EQUAL, 0, 1, numbers[column]))
            put((GIVE, 0, 0, REFUSE))
    for numbers in SELF_ONLY.values():
        put((EQUAL, 0, 4, numbers[column]))
        put((LOAD, 0, 0, _argument(0)))
        put((EQUAL, 1, 0, pid))
        put((GIVE, 0, 0, REFUSE))
        put((GIVE, 0, 0, ALLOW))
    for numbers in NEW_LIMIT.values():
        put((EQUAL, 0, 6, numbers[column]))
        put((LOAD, 0, 0, _argument(2)))
        put((EQUAL, 0, 3, 0))
        put((LOAD, 0, 0, _argument(2, high=True)))
        put((EQUAL, 0, 1, 0))
        put((GIVE, 0, 0, ALLOW))
        put((GIVE, 0, 0, REFUSE))
    for numbers in ASKING.values():
        put((EQUAL, 0, 2 * len(FCNTL_REFUSED) + 2, numbers[column]))
        put((LOAD, 0, 0, _argument(1)))
        for request in FCNTL_REFUSED:
            put((EQUAL, 0, 1, request))
            put((GIVE, 0, 0, REFUSE))
        put((GIVE, 0, 0, ALLOW))
    put((GIVE, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *one) for one in made)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def restrict() -> list[str]:
    """Refuse the calls from here on; the name of the layer, or nothing where the system has no such filter."""
    kind = MACHINES.get(platform.machine())
    if kind is None or os.uname().sysname != "Linux" or struct.calcsize("P") != 8:
        return []
    library = ctypes.CDLL(None, use_errno=True)
    code = program(*kind, os.getpid())
    asked = _Program(len(code) // 8, code)
    no = ctypes.c_ulong(0)
    if library.prctl(NO_NEW_PRIVILEGES, ctypes.c_ulong(1), no, no, no):
        return []
    if library.prctl(SET_SECCOMP, ctypes.c_ulong(FILTER_MODE), ctypes.byref(asked), no, no):
        return []
    return ["calls"]
