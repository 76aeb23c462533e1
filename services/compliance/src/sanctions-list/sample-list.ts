import type { OfacFiles } from './ofac-list.js';

const nothing = '-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ';

/** A list of made-up names, for when no published one is configured. It screens nobody real. */
export const sampleList: OfacFiles = {
  sdn: [
    `9001,"GREYWATER SHIPPING LINE",-0- ,"SAMPLE",${nothing},"a.k.a. 'GSL'."`,
    `9002,"OSTRAVEN, Viktor Hale","individual","SAMPLE] [SAMPLE2",${nothing},"DOB 17 Apr 1963; nationality Iran."`,
    `9003,"NIGHT HERON","vessel","SAMPLE",${nothing},"Linked To: GREYWATER SHIPPING LINE."`,
    `9004,"BRASSMOOR HOLDINGS LIMITED",-0- ,"SAMPLE",${nothing},-0- `,
  ].join('\r\n'),
  alt: '9001,1,"aka","GREY WATER LINES",-0- \r\n9002,2,"fka","OSTRAWEN, Victor",-0- \r\n',
  add: '9001,1,"1 Quay Road",-0- ,"Panama",-0- \r\n',
  comments: '',
};
