import type { en } from './en.ts';

export const zhCN: typeof en = {
  title: 'Antrea 健康报告',
  signIn: '登录',
  signInAgain: '重新登录',
  signOut: '退出登录',
  denied: {
    heading: '无法登录',
    text: '登录系统未能确认您的身份，或者您取消了登录。如果反复出现此情况，请联系登录系统的管理员申请访问权限。',
  },
  expired: {
    heading: '本次登录已失效',
    text: '登录用时过长、登录请求已被使用，或者登录是在另一个浏览器中发起的。',
  },
  unavailable: {
    heading: '登录系统没有响应',
    text: '目前无法登录，请稍后重试。',
  },
  refused: {
    heading: '登录失败',
    text: '本服务与登录系统的配置不一致，原因请管理员查看本服务的日志。',
  },
  'signed-out': {
    heading: '您已退出登录',
    text: '您在公司登录系统中的会话可能仍然有效。',
  },
  confirm: {
    heading: '要退出登录吗？',
    text: '您当前已登录 Antrea 健康报告。',
  },
};
