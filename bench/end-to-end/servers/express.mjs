import process from 'node:process';
import express from 'express';

const app = express();
app.get('/', (_request, response) => {
  response.type('text').send('Hello, world!');
});
app.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
