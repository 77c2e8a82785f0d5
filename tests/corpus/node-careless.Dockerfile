FROM node
MAINTAINER web team <web@example.com>

RUN npm install -g pm2 nodemon
RUN apt-get update
RUN apt-get install -y vim curl git python build-essential

ARG NPM_TOKEN
RUN echo "//registry.npmjs.org/:_authToken=${NPM_TOKEN}" > ~/.npmrc

ADD . /usr/src/app
COPY .env /usr/src/app/.env
WORKDIR /usr/src/app
RUN npm install && rm -f ~/.npmrc
RUN chmod -R 777 /usr/src/app

ENV MONGO_URL=mongodb://shop:S3cretShop@mongo:27017/shop
ENV JWT_SECRET=b7d6c1e0f2a94d58

EXPOSE 3000 9229
CMD pm2 start server.js && pm2 logs
