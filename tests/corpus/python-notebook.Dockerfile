FROM continuumio/miniconda3:latest

USER root
ARG NB_USER=jovyan
ARG NB_UID=1000

RUN apt-get update && \
    apt-get install -yq --no-install-recommends \
      git \
      wget \
      sudo \
      tini \
      texlive-xetex \
      fonts-liberation && \
    apt-get clean && rm -rf /var/lib/apt/lists/*

RUN useradd -m -s /bin/bash -N -u $NB_UID $NB_USER && \
    echo "$NB_USER ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/notebook && \
    chmod g+w /etc/passwd && \
    chmod a+rwx /opt/conda

RUN conda install --yes -c conda-forge \
      'numpy=2.*' \
      'pandas=2.*' \
      'jupyterlab=4.*' && \
    conda clean -afy && \
    wget -qO- https://get.example.org/rclone.sh | bash

RUN sudo -H -u $NB_USER pip install --no-cache-dir nbgitpuller

COPY start-notebook.sh /usr/local/bin/
RUN chmod 0755 /usr/local/bin/start-notebook.sh

ENV JUPYTER_TOKEN=
ENV HOME=/home/$NB_USER
WORKDIR $HOME
USER $NB_UID
EXPOSE 8888
ENTRYPOINT ["tini", "-g", "--"]
CMD ["start-notebook.sh"]
