global using OrleansCache.Memory;
