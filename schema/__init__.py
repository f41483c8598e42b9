"""What can be asked: types, roots, inputs, guards, limits. Says *what*; `resolvers` says *how*."""
