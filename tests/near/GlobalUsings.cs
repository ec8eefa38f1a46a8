global using OrleansCache.Client;
global using Xunit;
