#!/usr/bin/env bash
# boot.sh FOLDER COMMAND...: runs COMMAND as the first process of a system of its own: this host's /usr, everything else
# empty, its own network with nothing but the loopback address. What it writes is gone when it ends. With systemd as
# COMMAND that is a booted host. FOLDER is where its root is put together; the control group has the folder's name.
set -eu
root=$1
groups=/sys/fs/cgroup
if [[ -d $groups/unified ]]; then groups=$groups/unified; fi
if [[ $(stat -f -c %T "$groups") != cgroup2fs ]]; then
  echo 'there is no cgroup2 file system' >&2
  exit 1
fi
mkdir "$groups/$(basename "$root")"
echo $$ >"$groups/$(basename "$root")/cgroup.procs"

# shellcheck disable=SC2016 # The inner shell expands them.
exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup --propagation private -- bash -euc '
root=$1
shift
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p dev etc home opt proc root run sys usr var/lib var/log .upper .work
mkdir -m 1777 tmp var/tmp
for name in bin sbin lib lib32 lib64 libx32; do
  if [[ -L /$name ]]; then ln -s "$(readlink "/$name")" "$name"; fi
done
mount -t overlay -o lowerdir=/usr,upperdir=.upper,workdir=.work overlay usr
mount -t proc proc proc
# The settings of the kernel belong to the host.
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
  touch "dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run

printf "%s\n" "root:x:0:0:root:/root:/bin/sh" "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin" >etc/passwd
printf "%s\n" "root:x:0:" "adm:x:4:" "systemd-journal:x:101:" "nogroup:x:65534:" >etc/group
printf "%s\n" "passwd: files" "group: files" "hosts: files" >etc/nsswitch.conf
echo "127.0.0.1 localhost" >etc/hosts
: >etc/machine-id
mkdir -p etc/systemd/system old
ln -s /dev/null etc/systemd/system/systemd-udevd.service

ip link set lo up
pivot_root . old
cd /
umount -l old
rmdir old
# systemd hands credentials over by a mount that must spread.
mount --make-rshared /
exec env -i container=unshare PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" </dev/null >/dev/null 2>&1
' boot "$@"
