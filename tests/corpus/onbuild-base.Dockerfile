# The base of our small services. Whoever builds on it brings a requirements file.
FROM python:3.12-slim
RUN useradd --create-home --uid 1500 service
WORKDIR /home/service/app
ONBUILD COPY requirements.txt ./
ONBUILD RUN pip install --no-cache-dir -r requirements.txt
ONBUILD COPY --chown=service . .
ONBUILD USER service
ONBUILD ARG SERVICE_TOKEN
CMD ["python", "-m", "service"]
