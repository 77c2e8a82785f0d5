# A small web service, written in an afternoon and running ever since.
FROM python:3.12

RUN apt-get update && apt-get install -y \
    build-essential \
    curl \
    git \
    libpq-dev \
    netcat-openbsd \
    sudo \
    vim

WORKDIR /app

COPY requirements.txt .
RUN pip install -r requirements.txt

COPY . .
RUN mkdir -p /app/uploads && chmod -R 777 /app

ENV PYTHONUNBUFFERED=1 \
    FLASK_ENV=development

EXPOSE 5000 22

CMD flask run --host=0.0.0.0 --port=5000
