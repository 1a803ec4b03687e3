#!/bin/sh
# Makes private key files in every variant that ssh-keygen, OpenSSL, PuTTY and Paramiko write.
#
#   make.sh FOLDER PYTHON
#
# Each key NAME has its public half, as the tool that made it tells it, in NAME.pub; files whose name
# contains "-sealed" open with the passphrase below.
set -eu
cd "$1"
python=$2
pass='öffne dich'

base() { ssh-keygen -q -N '' -C "$1 key" -f "$1" -t "$2" -b "$3"; }
base ed25519 ed25519 256
base p256 ecdsa 256
base p384 ecdsa 384
base p521 ecdsa 521
base rsa2048 rsa 2048
base rsa3072 rsa 3072
all='ed25519 p256 p384 p521 rsa2048 rsa3072'
pem='p256 p384 p521 rsa2048 rsa3072'

# copy FROM TO: the same key under another name.
copy() { cp "$1" "$2"; cp "$1.pub" "$2.pub"; }

# OpenSSH's own format.
for cipher in aes128-ctr aes192-ctr aes256-ctr aes128-cbc aes192-cbc aes256-cbc \
    aes128-gcm@openssh.com aes256-gcm@openssh.com chacha20-poly1305@openssh.com 3des-cbc; do
    for key in ed25519 rsa2048; do
        copy $key openssh-$key-sealed-$cipher
        ssh-keygen -q -p -P '' -N "$pass" -a 2 -Z $cipher -f openssh-$key-sealed-$cipher >/dev/null
    done
done
for key in p256 p384 p521 rsa3072; do
    copy $key openssh-$key-sealed
    ssh-keygen -q -p -P '' -N "$pass" -a 16 -f openssh-$key-sealed >/dev/null
done
for rounds in 1 100; do
    copy ed25519 openssh-rounds-$rounds-sealed
    ssh-keygen -q -p -P '' -N "$pass" -a $rounds -f openssh-rounds-$rounds-sealed >/dev/null
done

# PKCS#1 and SEC 1, plain and with Proc-Type; PKCS#8, plain and with PBES2.
for key in $pem; do
    for format in PEM PKCS8; do
        copy $key $format-$key
        ssh-keygen -q -p -P '' -N '' -m $format -f $format-$key >/dev/null
        copy $key $format-$key-sealed
        ssh-keygen -q -p -P '' -N "$pass" -m $format -f $format-$key-sealed >/dev/null
    done
done
for cipher in aes128 aes192 aes256 des3; do
    cp rsa2048.pub traditional-rsa2048-sealed-$cipher.pub
    openssl rsa -in PEM-rsa2048 -traditional -$cipher -passout "pass:$pass" \
        -out traditional-rsa2048-sealed-$cipher 2>/dev/null
    cp p256.pub traditional-p256-sealed-$cipher.pub
    openssl ec -in PEM-p256 -$cipher -passout "pass:$pass" \
        -out traditional-p256-sealed-$cipher 2>/dev/null
done
openssl genpkey -algorithm ed25519 -out PKCS8-ed25519 2>/dev/null
chmod 600 PKCS8-ed25519
"$python" - PKCS8-ed25519 >PKCS8-ed25519.pub <<'PYTHON'
import sys
from cryptography.hazmat.primitives import serialization as s
key = s.load_pem_private_key(open(sys.argv[1], "rb").read(), None)
print(key.public_key().public_bytes(s.Encoding.OpenSSH, s.PublicFormat.OpenSSH).decode())
PYTHON
for key in ed25519 p384 rsa3072; do
    for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des3; do
        cp PKCS8-$key.pub pbes2-$key-sealed-$cipher.pub
        openssl pkcs8 -topk8 -in PKCS8-$key -v2 $cipher -passout "pass:$pass" \
            -out pbes2-$key-sealed-$cipher
    done
    for prf in hmacWithSHA1 hmacWithSHA256 hmacWithSHA512; do
        cp PKCS8-$key.pub pbes2-$key-sealed-$prf.pub
        openssl pkcs8 -topk8 -in PKCS8-$key -v2 aes-256-cbc -v2prf $prf -iter 10000 \
            -passout "pass:$pass" -out pbes2-$key-sealed-$prf
    done
    cp PKCS8-$key.pub pbes2-$key-sealed-scrypt.pub
    openssl pkcs8 -topk8 -in PKCS8-$key -scrypt -passout "pass:$pass" \
        -out pbes2-$key-sealed-scrypt
done

# PuTTY.
printf '%s' "$pass" >.pass
ppk() { # FROM TO PARAMETERS [PASSPHRASE FILE]
    cp "$1.pub" "$2.pub"
    if [ $# = 4 ]; then
        puttygen "$1" -O private -o "$2" --ppk-param "$3" --new-passphrase "$4"
    else
        puttygen "$1" -O private -o "$2" --ppk-param "$3"
    fi
}
for key in $all; do
    ppk $key putty2-$key version=2
    ppk $key putty2-$key-sealed version=2 .pass
    ppk $key putty3-$key version=3
    ppk $key putty3-$key-sealed version=3,memory=8192,passes=3 .pass
done
ppk ed25519 putty3-ed25519-sealed-argon2i version=3,kdf=argon2i,passes=2 .pass
ppk ed25519 putty3-ed25519-sealed-argon2d version=3,kdf=argon2d,passes=2 .pass
ppk ed25519 putty3-ed25519-sealed-parallel version=3,parallelism=4,passes=2 .pass

# Paramiko.
"$python" - "$pass" <<'PYTHON'
import sys
import paramiko
for name, key in [("rsa", paramiko.RSAKey.generate(2048)), ("ecdsa", paramiko.ECDSAKey.generate())]:
    for file, password in [(f"paramiko-{name}", None), (f"paramiko-{name}-sealed", sys.argv[1])]:
        key.write_private_key_file(file, password)
        open(file + ".pub", "w").write(f"{key.get_name()} {key.get_base64()}\n")
PYTHON
rm .pass
chmod 600 ./*
