#!/bin/sh
# Makes image archives of a Debian system for measuring, of at least 300 MB unpacked:
#   plain.tar  as `docker save` writes it, layers not compressed
#   gzip.tar   an OCI layout with gzip layers
#   zstd.tar   an OCI layout with zstd layers
# Needs root, debootstrap, zstd and a Debian mirror. Nothing of it is kept in the repository.
#
#   crates/image/examples/make_image.sh /tmp/image
set -eu
out=${1:?where to put the archives}
suite=${2:-bookworm}
mirror=${3:-http://deb.debian.org/debian}
root=$out/root
mkdir -p "$out/blobs/sha256"

if [ ! -e "$root/etc/os-release" ]; then
    debootstrap --variant=minbase \
        --include=python3,nodejs,curl,git,perl \
        "$suite" "$root" "$mirror"
    rm -f "$root"/var/cache/apt/archives/*.deb
fi

# Three layers: the system, an application with links and set-user-id, and changes with whiteouts.
layer() { tar --sort=name --numeric-owner --xattrs -C "$1" -cf "$2" .; }
[ -e "$out/1.tar" ] || layer "$root" "$out/1.tar"
app=$out/app
rm -rf "$app"
mkdir -p "$app/usr/local/bin" "$app/srv/app" "$app/etc"
cp "$root/usr/bin/git" "$app/usr/local/bin/tool"
chmod 4755 "$app/usr/local/bin/tool"
ln "$app/usr/local/bin/tool" "$app/usr/local/bin/tool2"
ln -s /usr/local/bin/tool "$app/srv/app/run"
cp "$root/etc/passwd" "$app/etc/passwd"
echo 'app:x:1000:1000::/srv/app:/bin/sh' >> "$app/etc/passwd"
printf 'API_TOKEN=none\n' > "$app/srv/app/.env"
layer "$app" "$out/2.tar"
top=$out/top
rm -rf "$top"
mkdir -p "$top/srv/app" "$top/usr/share/doc" "$top/var/lib/dpkg"
touch "$top/srv/app/.wh..env" "$top/usr/share/.wh.man" "$top/usr/share/doc/.wh..wh..opq"
cp "$root/var/lib/dpkg/status" "$top/var/lib/dpkg/status"
layer "$top" "$out/3.tar"

digest() { sha256sum "$1" | cut -d' ' -f1; }
blob() { cp "$1" "$out/blobs/sha256/$(digest "$1")"; }
config=$out/config.json
printf '{"architecture":"amd64","os":"linux","config":{"User":"app","Cmd":["/srv/app/run"]},' > "$config"
printf '"rootfs":{"type":"layers","diff_ids":["sha256:%s","sha256:%s","sha256:%s"]},' \
    "$(digest "$out/1.tar")" "$(digest "$out/2.tar")" "$(digest "$out/3.tar")" >> "$config"
printf '"history":[{"created_by":"debootstrap"},{"created_by":"COPY app /"},{"created_by":"RUN clean"}]}' >> "$config"

save=$out/save
rm -rf "$save"
mkdir -p "$save"
config_name=$(digest "$config").json
cp "$config" "$save/$config_name"
for number in 1 2 3; do
    mkdir -p "$save/$number"
    ln "$out/$number.tar" "$save/$number/layer.tar"
done
printf '[{"Config":"%s","RepoTags":["measure:latest"],"Layers":["1/layer.tar","2/layer.tar","3/layer.tar"]}]' \
    "$config_name" > "$save/manifest.json"
tar --hard-dereference -C "$save" -cf "$out/plain.tar" .

layout() {
    rm -rf "$out/blobs"
    mkdir -p "$out/blobs/sha256"
    blob "$config"
    layers=
    for number in 1 2 3; do
        packed=$out/$number.tar.$1
        [ -e "$packed" ] || $2 < "$out/$number.tar" > "$packed"
        blob "$packed"
        layers="$layers${layers:+,}{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+$1\",\"digest\":\"sha256:$(digest "$packed")\",\"size\":$(stat -c %s "$packed")}"
    done
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[%s]}' \
        "$(digest "$config")" "$(stat -c %s "$config")" "$layers" > "$out/manifest.json"
    blob "$out/manifest.json"
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"latest"}}]}' \
        "$(digest "$out/manifest.json")" "$(stat -c %s "$out/manifest.json")" > "$out/index.json"
    printf '{"imageLayoutVersion":"1.0.0"}' > "$out/oci-layout"
    tar -C "$out" -cf "$out/$1.tar" blobs index.json oci-layout
}
layout gzip 'gzip -6'
layout zstd 'zstd -3'
ls -l "$out/plain.tar" "$out/gzip.tar" "$out/zstd.tar"
